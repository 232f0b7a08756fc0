"""The same training several times: what of a number is the seed's."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from skyscene.bench.contestant import Kind
from skyscene.bench.results import Results
from skyscene.errors import BenchError

_PLACES = 8
"""Decimal places from which on a spread is nothing to round to."""


@dataclass(frozen=True, slots=True)
class OverSeeds:
    """One metric of one row over all seeds.

    Attributes:
        row: The row's name.
        label: For people.
        kind: A model, a baseline, or an oracle.
        metric: The metric.
        spec_id: What exactly it is.
        means: The mean of each seed, in the order of the runs.
    """

    row: str
    label: str
    kind: Kind
    metric: str
    spec_id: str
    means: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Mean over the seeds."""
        return statistics.fmean(self.means)

    @property
    def spread(self) -> float:
        """Standard deviation over the seeds (of a sample)."""
        return statistics.stdev(self.means)

    @property
    def text(self) -> str:
        """Mean and standard deviation; what is not trained has no seed, and its mean alone.

        >>> OverSeeds("base", "MD-GAN", "model", "psnr", "psnr/rgb-frame/1", (20.04, 21.1, 22.3)).text
        '21.1 ± 1.1'
        """
        if self.kind != "model":
            return f"{self.mean:.4g}"
        return f"{self._told(self.mean)} \N{PLUS-MINUS SIGN} {self._told(self.spread)}"

    @property
    def ends(self) -> str:
        """The lowest seed and the highest; nothing of what is not trained.

        >>> OverSeeds("base", "MD-GAN", "model", "psnr", "psnr/rgb-frame/1", (20.04, 22.3, 21.1)).ends
        '20.0 to 22.3'
        """
        return (
            f"{self._told(min(self.means))} to {self._told(max(self.means))}" if self.kind == "model" else ""
        )

    def _told(self, value: float) -> str:
        """To the second digit of the spread: what comes after it is the seed's."""
        places = 1 - math.floor(math.log10(self.spread)) if self.spread else _PLACES + 1
        return f"{value:.{max(0, places)}f}" if places <= _PLACES else f"{value:.5g}"

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "row": self.row,
            "label": self.label,
            "kind": self.kind,
            "metric": self.metric,
            "spec_id": self.spec_id,
            "means": list(self.means),
            "mean": self.mean,
            "standard_deviation": self.spread,
            "lowest": min(self.means),
            "highest": max(self.means),
        }


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
            clips_seen(run),
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
            row.kind,
            column.name,
            column.spec_id,
            means,
        )
        for at, row in enumerate(runs[0].rows)
        for number, column in enumerate(runs[0].columns)
        if (means := _means(runs, at, number))
    ]


def clips_seen(run: Results) -> tuple[tuple[str, int | None], ...]:
    """How many clips each row has seen: a training that was stopped differs by more than its seed."""
    return tuple((row.name, row.cost.clips_seen if row.cost else None) for row in run.rows)


def _means(runs: Sequence[Results], row: int, column: int) -> tuple[float, ...]:
    """The number of each run; none where a run lacks it."""
    found = [run.rows[row].cells[column].scored for run in runs]
    return tuple(one.mean for one in found if one) if all(found) else ()
