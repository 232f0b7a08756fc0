"""The funnel as bars: what goes on at each step, and what stays behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from skyscene.builder.funnel import Funnel
from skyscene.builder.report.fates import Fates
from skyscene.builder.report.reasons import Reason
from skyscene.builder.report.tables import Tables

SIDES = ("train", "val", "test")
_KEPT, _LOST = "kept", "lost"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a step's bar.

    Attributes:
        name: What these are.
        count: How many.
        style: CSS class that gives the colour.
        href: Where a click leads, within the page; none for nowhere.
    """

    name: str
    count: int
    style: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the funnel.

    Attributes:
        name: What is counted.
        count: How many there are.
        note: What else is to be said of them.
        parts: The bar, whose pieces sum to the count.
    """

    name: str
    count: int
    note: str
    parts: Sequence[Part]


def steps(counts: Funnel, tables: Tables, reasons: Sequence[Reason], fates: Fates) -> list[Step]:
    """Sources, frames, scenes, windows and kept clips."""
    styles = {reason.name: reason.style for reason in reasons}
    first = Counter(clip["reasons"][0] for clip in tables.clips if clip["reasons"])
    windows = [
        Part("kept", counts.kept + counts.pending, _KEPT, "#clips?verdict=kept"),
        *(Part(name, first[name], styles[name], _clips(reason=name)) for name in styles if first[name]),
    ]
    several = sum(len(clip["reasons"]) > 1 for clip in tables.clips)
    return [
        Step("sources", counts.sources, "", _source_parts(tables)),
        Step("frames", fates.total, "each counted once", _frame_parts(fates)),
        Step(
            "scenes",
            counts.scenes,
            "",
            [
                Part("with windows", counts.scenes - counts.short_scenes, _KEPT),
                Part("too short", counts.short_scenes, _LOST, "#left?kind=short"),
            ],
        ),
        Step(
            "windows",
            counts.windows,
            f"{several:,} were rejected by several filters and stand under the first" if several else "",
            windows,
        ),
        Step(
            "clips kept",
            counts.kept + counts.pending,
            "",
            _kept_parts(counts.splits, counts.kept, counts.pending),
        ),
    ]


def _clips(**chosen: str) -> str:
    return f"#clips?{urlencode(chosen, quote_via=quote)}"


def _frame_parts(fates: Fates) -> list[Part]:
    return [
        Part("in kept clips", fates.kept, _KEPT, "#clips?verdict=kept"),
        Part("in rejected windows", fates.rejected, "rejected", "#clips?verdict=rejected"),
        Part("in transitions", fates.joined, "joined"),
        Part("in scenes too short", fates.short, _LOST, "#left?kind=short"),
        Part("left over at the ends of scenes", fates.rest, "rest"),
    ]


def _source_parts(tables: Tables) -> list[Part]:
    """Every reference once: decided, a duplicate, or what kept it from being decided."""
    fate: Counter[str] = Counter()
    for row in tables.sources:
        if row["status"] != "done":
            fate[(row["reason"] or row["status"]).partition(":")[0]] += 1
        else:
            fate["duplicate" if row["duplicate_of"] else "used"] += 1
    used = fate.pop("used", 0)
    return [
        Part("used", used, _KEPT, "#sources"),
        *(Part(name, count, _LOST, "#sources?fate=none") for name, count in fate.most_common()),
    ]


def _kept_parts(splits: Mapping[str, int], kept: int, pending: int) -> list[Part]:
    parts = [Part(side, splits[side], side, _clips(side=side)) for side in SIDES if side in splits]
    parts += [Part(side, count, _KEPT) for side, count in splits.items() if side not in SIDES]
    unsplit = kept - sum(splits.values())
    parts += [Part("not split yet", unsplit, _KEPT)] if unsplit > 0 else []
    return parts + ([Part("pending: no file yet", pending, _LOST)] if pending else [])
