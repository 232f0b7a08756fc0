"""The win matrix: how often a row's contestant was preferred over a column's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from skyscene.study.report.labels import Labels
from skyscene.study.report.numbers import points
from skyscene.study.tally import Row

DEEPEST = 45
"""Most of the colour that is mixed into a cell's ground, in percent: a text on it can still be read."""
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Cell:
    """A row's contestant over a column's.

    Attributes:
        pos: Score of the row's; a dash where the two were not compared, empty on the diagonal.
        votes: How many; none where they were not compared.
        depth: Of the colour in percent, by the distance from 50.
        won: Whether the score is above 50; none at 50 and without a score.
    """

    pos: str
    votes: int | None = None
    depth: int = 0
    won: bool | None = None


@dataclass(frozen=True, slots=True)
class Matrix:
    """A table of all contestants against all.

    Attributes:
        show: video or frame.
        heads: Their labels.
        rows: Label and cells, in the order of the heads.
    """

    show: str
    heads: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]


def win_matrix(rows: Sequence[Row], labels: Labels, show: str) -> Matrix:
    """The matrix of what was shown; both triangles are filled.

    Args:
        rows: Of a score.
        labels: What contestants are called.
        show: video or frame.
    """
    names = list(labels.study.sides)
    found = {}
    for row in rows:
        if row.show == show and row.scene is None:
            found[row.first, row.second] = _cell(row.pos, row.votes)
            found[row.second, row.first] = _cell(None if row.pos is None else 100 - row.pos, row.votes)
    return Matrix(
        show,
        [labels.short(name, _LONGEST) for name in names],
        [
            (
                labels.short(name, _LONGEST),
                [
                    Cell("") if name == other else found.get((name, other), Cell(points(None)))
                    for other in names
                ],
            )
            for name in names
        ],
    )


def _cell(pos: float | None, votes: int) -> Cell:
    if pos is None:
        return Cell(points(None), votes)
    return Cell(points(pos), votes, round(DEEPEST * abs(pos - 50) / 50), None if pos == 50 else pos > 50)
