"""Do metrics predict what people prefer? Votes on a clip against the sign of a metric's difference there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt

from skyscene.bench.results import Column, read_results
from skyscene.bench.score_tables import ScoredClips
from skyscene.bench.table import sums_of
from skyscene.errors import SkySceneError
from skyscene.metrics import FrameMetric, metric
from skyscene.study.ballots import Ballot
from skyscene.study.frozen import Side, Study
from skyscene.study.statistics.prediction import Prediction, predicts
from skyscene.study.tally import cluster_codes

Values = npt.NDArray[np.float64]
Goodness = dict[str, tuple[str, dict[str, float]]]
"""Spec id to a metric's name and its value of each clip, turned so that more is better."""


@dataclass(frozen=True, slots=True)
class MetricPrediction:
    """One metric on one pair of contestants.

    Attributes:
        show: video or frame.
        first: A contestant; empty for all pairs together.
        second: Another; empty for all pairs together.
        metric: The metric.
        spec_id: What exactly it is.
        found: What the regression says.
    """

    show: str
    first: str
    second: str
    metric: str
    spec_id: str
    found: Prediction


def metric_predictions(study: Study, ballots: Sequence[Ballot]) -> list[MetricPrediction]:
    """A row for each metric that scored the drawn contestants clip by clip: over all pairs, then for each.

    Within one pair a metric may only say which model is better everywhere; over all pairs it has to know
    which model, too. The real clips have no metric: they are what it compares with.
    """
    tables = {name: _goodness(side) for name, side in study.sides.items() if side.folder}
    pairs = list(combinations(tables, 2))
    found = []
    for show in study.protocol.shows:
        own = [
            one
            for one in ballots
            if one.pair.show == show and one.is_valid and one.pair.left in tables and one.pair.right in tables
        ]
        if len(pairs) > 1:
            found += _told(show, "", "", own, tables)
        for first, second in pairs:
            some = [one for one in own if {one.pair.left, one.pair.right} == {first, second}]
            found += _told(show, first, second, some, tables)
    return found


def _told(
    show: str, first: str, second: str, ballots: Sequence[Ballot], tables: Mapping[str, Goodness]
) -> list[MetricPrediction]:
    """What each metric says of one clip beside the other, and what the vote was.

    Of a pair, one is the first contestant's, so that a metric with one sign everywhere is seen to have it; of
    all pairs, the left one.
    """
    if not ballots:
        return []
    sides = {name for one in ballots for name in (one.pair.left, one.pair.right)}
    common = set.intersection(*(set(tables[name]) for name in sides))
    raters, clips = cluster_codes(ballots)
    seen = [_two(one, first) for one in ballots]
    wins = np.array([one.win_of(name) for one, ((name, _), _) in zip(ballots, seen, strict=True)], float)
    found = []
    for spec_id, (name, _) in tables[next(iter(tables))].items():
        if spec_id in common:
            signs = [
                _sign(tables[one][spec_id][1].get(clip), tables[other][spec_id][1].get(beside))
                for (one, clip), (other, beside) in seen
            ]
            told = predicts(np.array(signs, np.int64), wins, raters, clips)
            found.append(MetricPrediction(show, first, second, name, spec_id, told))
    return found


def _two(one: Ballot, first: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Contestant and clip of both sides, the first contestant's before the other."""
    left, right = (side[:2] for side in one.pair.sides)
    return (right, left) if one.pair.right == first else (left, right)


def _sign(one: float | None, other: float | None) -> int:
    if one is None or other is None or np.isnan(one) or np.isnan(other):
        return 0
    return int(np.sign(one - other))


def _goodness(side: Side) -> Goodness:
    """What a run's metrics say of its clips.

    Nothing where the run was not scored, or is no longer there: a result needs the votes alone.
    """
    folder = Path(side.folder)
    try:
        results, scored = read_results(folder), ScoredClips(folder)
        return {
            column.spec_id: (column.name, _by_clip(column, scored, side.row, results.frames))
            for column in results.columns
            if not column.absent and not column.of_sets
        }
    except (SkySceneError, OSError):
        return {}


def _by_clip(column: Column, scored: ScoredClips, row: str, frames: tuple[int, int]) -> dict[str, float]:
    known = metric(column.name)
    if not isinstance(known, FrameMetric):
        return {}
    sums = sums_of(scored, row, known, frames)
    with np.errstate(invalid="ignore", divide="ignore"):
        values = known.finish(sums.values / sums.weights)
    return dict(zip(scored.ids, _better(np.asarray(values, float), column.goal), strict=True))


def _better(values: Values, goal: str) -> list[float]:
    turned = {"higher": values, "lower": -values, "one": -np.abs(np.log(np.maximum(values, 1e-12)))}[goal]
    return [float(value) for value in turned]
