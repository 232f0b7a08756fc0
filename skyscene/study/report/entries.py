"""Rows of a result as texts: the same in a terminal, in Markdown and on a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from skyscene.study.report.labels import Labels, plain
from skyscene.study.report.numbers import ends, p_value, points, signed
from skyscene.study.statistics.clustered import NAME
from skyscene.study.tally import Row

_MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a table.

    Attributes:
        row: Where it comes from.
        pair: Who over whom.
        pos: Score.
        interval: The headline.
        method: Its name where it is not the two-way cluster-robust one, else empty.
        why: Why it is not; empty where it is.
        independent: Wilson's.
        p: Corrected by Holm.
        alpha: Krippendorff's.
        alpha_why: Why it is not defined, else empty.
        left: Share of left answers.
        caution: What to beware of, else empty.
    """

    row: Row
    pair: str
    pos: str
    interval: str
    method: str
    why: str
    independent: str
    p: str
    alpha: str
    alpha_why: str
    left: str
    caution: str


def entries(rows: Sequence[Row], labels: Labels, scenes: bool = False) -> list[Entry]:
    """Rows over all clips or, with `scenes`, those of single scenes."""
    return [_entry(row, labels) for row in rows if (row.scene is not None) == scenes]


def _entry(row: Row, labels: Labels) -> Entry:
    method = row.interval.name if row.interval and row.interval.name != NAME else ""
    pair = labels.shown(row.show, labels.pair(row.first, row.second))
    # One rater's many votes are told for any pair, but not where that is a whole study's one rater.
    much = row.raters > 1 and row.most_of_one > 0.5
    return Entry(
        row=row,
        pair=pair,
        pos=points(row.pos),
        interval=ends(row.interval),
        method=method,
        why=row.why if method or not row.votes else "",
        independent=ends(row.independent),
        p=p_value(row.p_holm),
        alpha=signed(row.alpha),
        alpha_why=row.alpha_why.removeprefix("undefined, ") if row.votes else "",
        left=points(row.left),
        caution=f"{row.most_of_one:.0%} of its votes are one rater's" if much else "",
    )


def instead(rows: Sequence[Entry]) -> list[str]:
    """A line for every other interval that stands in the headline's place, and why."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if row.method:
            found.setdefault((row.method, row.why), []).append(_place(row))
    return [
        f"{_places(places)}: {method}'s interval, as if votes were independent, for the two-way "
        f"cluster-robust one is not defined ({why})."
        for (method, why), places in found.items()
    ]


def _places(places: Sequence[str]) -> str:
    return "; ".join(places) if len(places) <= _MOST_NAMED else f"{len(places)} of the rows above"


def cautions(rows: Sequence[Entry]) -> list[str]:
    """A line for every row that one rater decides."""
    return [f"{_place(row)}: {row.caution}." for row in rows if row.caution]


def _place(row: Entry) -> str:
    return f"{row.pair}, {plain(row.row.scene)}" if row.row.scene is not None else row.pair


def tested(rows: Sequence[Row], scenes: bool = False) -> int:
    """How many comparisons Holm's correction was made over."""
    return sum(bool(row.votes) for row in rows if (row.scene is not None) == scenes)
