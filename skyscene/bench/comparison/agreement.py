"""Where metrics agree on what is better, and where they do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import spearmanr

from skyscene.bench.comparison.entrants import Comparison
from skyscene.bench.table import sums_of

Values = npt.NDArray[np.float64]
_FEW = 3


@dataclass(frozen=True, slots=True)
class Agreement:
    """Rank correlations between metrics, each turned so that more is better.

    Attributes:
        names: The metrics.
        over: What was ranked, for people.
        count: How many of them.
        table: (metrics, metrics), Spearman's; NaN where one of the two does not vary.
    """

    names: tuple[str, ...]
    over: str
    count: int
    table: Values


def over_rows(comparison: Comparison) -> Agreement | None:
    """Agreement on rows, by the numbers of the table; oracles are left out. None of under three rows."""
    rows = [row for row in comparison.results.rows if row.kind in ("model", "baseline")]
    if len(rows) < _FEW:
        return None
    found = []
    for at, column in enumerate(comparison.results.columns):
        cells = [row.cells[at].scored for row in rows]
        if not column.absent and all(cell is not None for cell in cells):
            found.append((column.name, _better(np.array([c.mean for c in cells if c]), column.goal)))
    return _agreement(found, "rows", len(rows))


def over_clips(comparison: Comparison) -> Agreement | None:
    """Agreement on the clips of all rows but oracles."""
    rows = [one for one in comparison.entrants if one.row.kind in ("model", "baseline")]
    frames = comparison.results.frames
    found = []
    for each in comparison.frame_metrics:
        sums = [sums_of(one.scored, one.own, each, frames) for one in rows]
        with np.errstate(invalid="ignore", divide="ignore"):
            values = np.concatenate([each.finish(one.values / one.weights) for one in sums])
        found.append((each.name, _better(values, each.goal)))
    return _agreement(found, "clips of all rows", len(rows) * len(comparison.scored.ids))


def _better(values: Values, goal: str) -> Values:
    """Turned so that more is better; a ratio is better the nearer it is to one, twice as far as half."""
    if goal == "one":
        return -np.abs(np.log(np.maximum(values, 1e-9)))
    return values if goal == "higher" else -values


def _agreement(found: Sequence[tuple[str, Values]], over: str, count: int) -> Agreement | None:
    if len(found) < 2:
        return None
    size = len(found)
    table = np.full((size, size), np.nan)
    for i, (_, one) in enumerate(found):
        for j, (_, other) in enumerate(found):
            both = np.isfinite(one) & np.isfinite(other)
            if both.sum() >= _FEW and np.ptp(one[both]) > 0 and np.ptp(other[both]) > 0:
                table[i, j] = spearmanr(one[both], other[both]).statistic
    return Agreement(tuple(name for name, _ in found), over, count, table)


def disagreements(agreement: Agreement) -> list[str]:
    """Pairs of metrics that rank the other way round, in words."""
    told = []
    for i, one in enumerate(agreement.names):
        for j in range(i):
            if agreement.table[i, j] < 0:
                told.append(f"{agreement.names[j]} and {one} ({agreement.table[i, j]:+.2f})")
    return told
