"""The funnel as bars: what goes on at each step, and what stays behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from skyscene.builder.funnel import Funnel
from skyscene.builder.report_reasons import Reason
from skyscene.builder.report_tables import Tables

SIDES = ("train", "val", "test")
_KEPT, _LOST = "kept", "lost"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a step's bar.

    Attributes:
        name: What these are.
        count: How many.
        style: CSS class that gives the colour.
        reason: The reason that the page's controls are set to by a click; none for no such thing.
    """

    name: str
    count: int
    style: str
    reason: str | None = None


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


def steps(counts: Funnel, tables: Tables, reasons: Sequence[Reason]) -> list[Step]:
    """Sources, scenes, windows and kept clips."""
    styles = {reason.name: reason.style for reason in reasons}
    first = Counter(clip["reasons"][0] for clip in tables.clips if clip["reasons"])
    windows = [
        Part("kept", counts.kept + counts.pending, _KEPT),
        *(Part(name, first[name], styles[name], name) for name in styles if first[name]),
    ]
    several = sum(len(clip["reasons"]) > 1 for clip in tables.clips)
    return [
        Step("sources", counts.sources, "", _source_parts(tables)),
        Step(
            "scenes",
            counts.scenes,
            f"in {counts.frames:,} frames",
            [
                Part("with windows", counts.scenes - counts.short_scenes, _KEPT),
                Part("too short", counts.short_scenes, _LOST),
            ],
        ),
        Step(
            "windows",
            counts.windows,
            f"{several:,} of them rejected by several filters, here under the first" if several else "",
            windows,
        ),
        Step(
            "clips kept",
            counts.kept + counts.pending,
            "",
            _kept_parts(counts.splits, counts.kept, counts.pending),
        ),
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
    return [Part("used", used, _KEPT), *(Part(name, count, _LOST) for name, count in fate.most_common())]


def _kept_parts(splits: Mapping[str, int], kept: int, pending: int) -> list[Part]:
    parts = [Part(side, splits[side], side) for side in SIDES if side in splits]
    parts += [Part(side, count, _KEPT) for side, count in splits.items() if side not in SIDES]
    unsplit = kept - sum(splits.values())
    parts += [Part("not split yet", unsplit, _KEPT)] if unsplit > 0 else []
    return parts + ([Part("pending: no file yet", pending, _LOST)] if pending else [])
