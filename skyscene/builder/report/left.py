"""What never came before a filter: sources that failed, transitions, scenes too short, left-over frames."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from skyscene.builder.report.fates import Fates
from skyscene.builder.report.sources import Parts
from skyscene.report import plural

_TRANSITIONS = {
    "cut": "Another shot begins from one frame to the next. No clip reaches across it.",
    "dissolve": "One shot melts into another. No clip holds a mixed frame.",
    "fade": "The picture comes from or goes to black or white.",
    "gap": "The decoder refused data or made a frame up. No clip holds such a frame.",
}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One way to be left out.

    Attributes:
        kind: Its name in the page's data.
        name: Its name for a person.
        count: How often it occurs.
        frames: Frames that it takes; none where that is no question.
        meaning: A sentence on it.
    """

    kind: str
    name: str
    count: int
    frames: int | None
    meaning: str


def left_out(parts: Sequence[Parts], fates: Fates, length: int, margin: int) -> list[LeftOut]:
    """Every way to be left out that occurs."""
    status = Counter(part.row["status"] for part in parts)
    twins = sum(part.row["status"] == "done" and part.row["duplicate_of"] is not None for part in parts)
    barren = sum(part.owned and not part.clips for part in parts)
    short = sum(not scene["windows"] for part in parts for scene in part.scenes)
    count: Counter[str] = Counter()
    frames: Counter[str] = Counter()
    for part in parts:
        for item in part.transitions:
            count[item["kind"]] += 1
            frames[item["kind"]] += item["frame_stop"] - item["frame_start"]
    made = [
        LeftOut("failed", "sources that cannot be used", status["failed"], None, _FAILED),
        LeftOut("missing", "sources that could not be had", status["missing"], None, _FAILED),
        LeftOut("removed", "sources taken out", status["removed"], None, "Listed in removed.txt."),
        LeftOut("duplicate", "sources there twice", twins, None, "The same bytes under another name."),
        LeftOut("barren", "sources without a long scene", barren, None, _barren(length)),
        LeftOut("short", "scenes too short", short, fates.short, _short(length, margin)),
    ]
    for kind in [*_TRANSITIONS, *sorted(set(count) - set(_TRANSITIONS))]:
        name = {"fade": "fades", "gap": "damaged frames"}.get(kind, f"{kind}s")
        meaning = _TRANSITIONS.get(kind, "A transition that a detector of your own knows.")
        made.append(LeftOut(kind, name, count[kind], frames[kind], meaning))
    rest = "" if not fates.rest else _rest(length, margin)
    made.append(LeftOut("rest", "left over at the ends of scenes", fates.rest, fates.rest, rest))
    return [item for item in made if item.count]


_FAILED = "Each says why below."


def _barren(length: int) -> str:
    return f"No scene has room for a clip of {plural(length, 'frame')}."


def _short(length: int, margin: int) -> str:
    return f"A clip needs {plural(length, 'frame')}, and stays {margin} clear of each transition."


def _rest(length: int, margin: int) -> str:
    return (
        f"A scene is filled with whole windows of {length}; what remains is shared by both ends, and "
        f"{margin} frames stay clear of each transition."
    )
