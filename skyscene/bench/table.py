"""From the scores of a contest to its table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from skyscene.bench.contestant import Contestant
from skyscene.bench.intervals import Estimate, Sums, estimate
from skyscene.bench.results import Cell, Column, ResultRow
from skyscene.bench.score_tables import ScoredClips
from skyscene.bench.scoring import TRUTH
from skyscene.metrics import FrameMetric, Metric, SetMetric

COPY = "copy-first"
LATE = 8
"""First of the frames on which a model has to beat a copied first frame: before it, nothing has moved yet."""


def columns(metrics: Sequence[Metric], absent: Mapping[str, str]) -> tuple[Column, ...]:
    """The metrics of a table.

    Args:
        metrics: The metrics.
        absent: Name of each that was not measured, and why.
    """
    return tuple(
        Column(
            one.name, one.spec_id, one.goal, one.unit, isinstance(one, SetMetric), absent.get(one.name, "")
        )
        for one in metrics
    )


def result_rows(
    scored: ScoredClips,
    contestants: Sequence[Contestant],
    metrics: Sequence[Metric],
    absent: Mapping[str, str],
    frames: tuple[int, int],
    speed: Mapping[str, float],
    before_codec: Mapping[str, str] | None = None,
) -> tuple[ResultRow, ...]:
    """The rows of a table.

    Args:
        scored: The scores.
        contestants: Whose they are.
        metrics: The metrics of all columns.
        absent: Name of each that was not measured, and why.
        frames: The scored frames.
        speed: Clips a second of each contestant.
        before_codec: Row of clips that went through a codec, and row of the same clips before.
    """
    pairs = before_codec or {}
    return tuple(
        ResultRow(
            name=one.name,
            label=one.label,
            kind=one.kind,
            samples=one.samples,
            lossy=one.lossy,
            cost=one.cost,
            clips_a_second=round(speed[one.name], 3) if one.name in speed else None,
            cells=tuple(
                Cell() if each.name in absent else _cell(scored, one.name, each, frames, pairs.get(one.name))
                for each in metrics
            ),
        )
        for one in contestants
    )


def sums_of(scored: ScoredClips, row: str, metric: FrameMetric, frames: tuple[int, int]) -> Sums:
    """What a metric added up over some frames of each clip of a row."""
    value, weight = scored.sums(row, metric.spec_id)
    part = slice(*frames)
    return Sums(value[:, part].sum(axis=1), weight[:, part].sum(axis=1), metric.finish)


def _cell(scored: ScoredClips, row: str, metric: Metric, frames: tuple[int, int], before: str | None) -> Cell:
    if isinstance(metric, SetMetric):
        return _set_cell(scored, row, metric, before)
    groups = scored.groups
    last = scored.sums(row, metric.spec_id)[0].shape[1]

    def sums(name: str, part: tuple[int, int]) -> Sums:
        return sums_of(scored, name, metric, part)

    beyond = None
    if row != COPY and metric.goal != "one":
        pair = [sums(name, (LATE, last)) for name in (row, COPY)]
        beyond = estimate(
            *((pair[0], groups, pair[1]) if metric.goal == "higher" else (pair[1], groups, pair[0]))
        )
    return Cell(
        scored=estimate(sums(row, frames), groups),
        whole=estimate(sums(row, (0, last)), groups),
        beyond_copy=beyond,
        by_codec=estimate(sums(row, frames), groups, sums(before, frames)) if before else None,
    )


def _set_cell(scored: ScoredClips, row: str, metric: SetMetric, before: str | None) -> Cell:
    truth = scored.features(TRUTH, metric.extractor)[0]
    if len(truth) < 2:
        return Cell()
    chosen = set(scored.featured(TRUTH, metric.extractor))
    groups = {group for clip, group in zip(scored.ids, scored.groups, strict=True) if clip in chosen}

    def distance(name: str) -> float:
        """Mean over samples, each as many clips as the truth: more clips would be less biased."""
        return float(
            np.mean([metric.distance(one, truth) for one in scored.features(name, metric.extractor)])
        )

    number = distance(row)
    by_codec = None
    if before:
        by_codec = Estimate(number - distance(before), None, None, len(truth), len(groups))
    return Cell(scored=Estimate(number, None, None, len(truth), len(groups)), by_codec=by_codec)
