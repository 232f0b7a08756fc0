"""The contact sheet: a fair sample of the windows, kept and rejected, as cards by source."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from skyscene.builder.report_pictures import Pictures
from skyscene.builder.report_reasons import Reason
from skyscene.builder.report_tables import Row, Tables, frames_text, score, source_name
from skyscene.report import Strip, spread
from skyscene.store import LABEL

Link = Callable[[str | None], str | None]
"""From a clip's path in the tables to an address that the page can use; none where it cannot."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a page shows.

    Attributes:
        kept: Kept clips on the contact sheet.
        rejected: Rejected windows on it for each reason.
        films: Sources with a film and curves.
        rows: Rows of the table of sources.
        near: Windows on either side of a threshold.
    """

    kept: int = 200
    rejected: int = 60
    films: int = 40
    rows: int = 1000
    near: int = 4


@dataclass(frozen=True, slots=True)
class Card:
    """One window on the page.

    Attributes:
        anchor: Its identifier on the page.
        source: Name of its source.
        frames: Its frames, for a person.
        kept: Whether it was kept.
        style: CSS class of its colour.
        reasons: Names of what rejected it.
        why: A sentence for each.
        scores: Filter, score, and whether that filter rejected it.
        side: train, val or test; "" without one.
        state: encoded, pending or gone; "" for rejects.
        labels: What the labellers said.
        strip: Its pictures; none where there are none.
        video: Address of its file, relative to the page; none where there is none.
        text: What the search looks in.
    """

    anchor: str
    source: str
    frames: str
    kept: bool
    style: str
    reasons: Sequence[str]
    why: Sequence[str]
    scores: Sequence[tuple[str, float, bool]]
    side: str
    state: str
    labels: Sequence[str]
    strip: Strip | None
    video: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """The cards of one source.

    Attributes:
        anchor: Where the source is described, within the page.
        name: Its name.
        kept: Windows kept of all its windows, shown or not.
        windows: All its windows.
        cards: The shown ones, in the order of their frames.
    """

    anchor: str
    name: str
    kept: int
    windows: int
    cards: Sequence[Card]


@dataclass(frozen=True, slots=True)
class Shown:
    """How many of one kind are on the sheet.

    Attributes:
        name: "kept", or the reason.
        shown: On the sheet.
        total: In the folder.
    """

    name: str
    shown: int
    total: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """The contact sheet.

    Attributes:
        groups: Cards by source.
        counts: What is shown of each kind.
        anchors: clip_id to anchor, of what is shown.
    """

    groups: Sequence[Group]
    counts: Sequence[Shown]
    anchors: Mapping[str, str]

    @property
    def left_out(self) -> Sequence[Shown]:
        """The kinds of which not all are shown."""
        return [item for item in self.counts if item.shown < item.total]

    @property
    def cards(self) -> int:
        """Number of cards."""
        return len(self.anchors)


def sheet(tables: Tables, reasons: Sequence[Reason], pictures: Pictures, link: Link, limits: Limits) -> Sheet:
    """Cards for a sample that is spread evenly over all windows of each kind."""
    styles = {reason.name: reason.style for reason in reasons}
    chosen = {clip["clip_id"] for clip in _sample(tables, reasons, limits)}
    groups: list[Group] = []
    anchors: dict[str, str] = {}
    for source_id, clips in tables.clips_of.items():
        picked = [clip for clip in clips if clip["clip_id"] in chosen]
        if not picked:
            continue
        owner = tables.owners.get(source_id)
        name = source_name(owner) if owner else source_id
        cards = [_card(clip, owner, name, tables, styles, pictures, link) for clip in picked]
        anchors |= {clip["clip_id"]: card.anchor for clip, card in zip(picked, cards, strict=True)}
        kept = sum(clip["kept"] for clip in clips)
        groups.append(Group(f"source-{source_id}", name, kept, len(clips), cards))
    return Sheet(groups, _counts(tables, reasons, chosen), anchors)


def _sample(tables: Tables, reasons: Sequence[Reason], limits: Limits) -> list[Row]:
    chosen = spread([clip for clip in tables.clips if clip["kept"]], limits.kept)
    for reason in reasons:
        rejected = [clip for clip in tables.clips if reason.name in clip["reasons"]]
        chosen += spread(rejected, limits.rejected)
    return chosen


def _counts(tables: Tables, reasons: Sequence[Reason], chosen: set[str]) -> list[Shown]:
    kept = [clip["clip_id"] for clip in tables.clips if clip["kept"]]
    counts = [Shown("kept", sum(clip in chosen for clip in kept), len(kept))]
    for reason in reasons:
        rejected = [clip["clip_id"] for clip in tables.clips if reason.name in clip["reasons"]]
        counts.append(Shown(reason.name, sum(clip in chosen for clip in rejected), len(rejected)))
    return counts


def _card(
    clip: Row,
    owner: Row | None,
    source: str,
    tables: Tables,
    styles: Mapping[str, str],
    pictures: Pictures,
    link: Link,
) -> Card:
    names = clip["reasons"]
    labels = [str(clip[LABEL + name]) for name in tables.labelers if clip[LABEL + name]]
    said = [source, clip["clip_id"], clip["clip_key"], clip["split"], *names, *clip["details"], *labels]
    said += [owner[key] for key in ("video_id", "channel", "path", "url")] if owner else []
    return Card(
        anchor=f"clip-{clip['clip_id']}",
        source=source,
        frames=frames_text(clip["frame_start"], clip["frame_stop"]),
        kept=clip["kept"],
        style="kept" if clip["kept"] else styles[names[0]],
        reasons=names,
        why=clip["details"],
        scores=[(name, score(clip, name), name in names) for name in tables.filters],
        side=clip["split"] or "",
        state=clip["state"] or "",
        labels=labels,
        strip=pictures.of_clip(clip),
        video=link(clip["path"]) if clip["kept"] else None,
        text=" ".join(str(word) for word in said if word).casefold(),
    )
