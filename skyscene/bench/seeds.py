"""The same training several times: what of a number is the seed's."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from skyscene.bench.results import Results
from skyscene.errors import BenchError


@dataclass(frozen=True, slots=True)
class OverSeeds:
    """One metric of one row over all seeds.

    Attributes:
        row: The row's name.
        label: For people.
        metric: The metric.
        means: The mean of each seed, in the order of the runs.
    """

    row: str
    label: str
    metric: str
    means: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Mean over the seeds."""
        return statistics.fmean(self.means)

    @property
    def spread(self) -> float:
        """Standard deviation over the seeds (of a sample)."""
        return statistics.stdev(self.means)


def over_seeds(runs: Sequence[Results]) -> list[OverSeeds]:
    """Every metric of every row over runs that differ by their seed alone.

    Raises:
        BenchError: There are fewer than two, or they differ in more than the seed.
    """
    if len(runs) < 2:
        raise BenchError("one seed has no spread: give --seeds 3")
    kinds = {
        (
            run.model,
            run.benchmark,
            run.manifest_hash,
            run.budget,
            tuple(column.spec_id for column in run.columns),
        )
        for run in runs
    }
    if len(kinds) > 1 or len({run.seed for run in runs}) < len(runs):
        raise BenchError(
            "these runs differ in more than their seed (in their metrics, for one), or share one: "
            "they cannot be put together"
        )
    return [
        OverSeeds(
            row.name,
            row.label,
            column.name,
            means,
        )
        for at, row in enumerate(runs[0].rows)
        for number, column in enumerate(runs[0].columns)
        if (means := _means(runs, at, number))
    ]


def _means(runs: Sequence[Results], row: int, column: int) -> tuple[float, ...]:
    """The number of each run; none where a run lacks it."""
    found = [run.rows[row].cells[column].scored for run in runs]
    return tuple(one.mean for one in found if one) if all(found) else ()
