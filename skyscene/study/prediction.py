"""Do metrics predict what people prefer? The vote on a clip against the sign of a metric's difference there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
from skyscene.study.tally import counted

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MetricPrediction:
    """One metric on one pair of contestants.

    Attributes:
        show: video or frame.
        first: A contestant.
        second: Another.
        metric: The metric.
        spec_id: What exactly it is.
        found: What the regression says; none where ``why`` says so.
        why: Why there is nothing.
    """

    show: str
    first: str
    second: str
    metric: str
    spec_id: str
    found: Prediction | None
    why: str = ""


def metric_predictions(study: Study, ballots: Sequence[Ballot]) -> list[MetricPrediction]:
    """A row for each pair of drawn contestants and each metric that scored both, clip by clip.

    The real clips have no metric: they are what it compares with.
    """
    drawn = [name for name, side in study.sides.items() if side.folder]
    tables = {name: _goodness(study.sides[name]) for name in drawn}
    found = []
    for show in study.protocol.shows:
        for at, first in enumerate(drawn):
            for second in drawn[at + 1 :]:
                both = {first, second}
                own = [
                    one
                    for one in ballots
                    if one.pair.show == show
                    and {one.pair.left, one.pair.right} == both
                    and one.vote.choice != "invalid"
                ]
                found += _of_pair(show, first, second, own, tables) if own else []
    return found


def _of_pair(
    show: str,
    first: str,
    second: str,
    ballots: Sequence[Ballot],
    tables: dict[str, dict[str, tuple[str, dict[str, float]]]],
) -> list[MetricPrediction]:
    found = []
    for spec_id, (name, of_first) in tables[first].items():
        if spec_id not in tables[second]:
            continue
        of_second = tables[second][spec_id][1]
        signs = np.array(
            [
                _sign(of_first.get(_clip_of(one, first)), of_second.get(_clip_of(one, second)))
                for one in ballots
            ],
            np.int64,
        )
        votes = counted(ballots, first)
        told = predicts(signs, votes.wins, votes.raters, votes.clips)
        found.append(MetricPrediction(show, first, second, name, spec_id, told))
    return found


def _clip_of(one: Ballot, name: str) -> str:
    return one.pair.left_clip if one.pair.left == name else one.pair.right_clip


def _sign(one: float | None, other: float | None) -> int:
    if one is None or other is None or np.isnan(one) or np.isnan(other):
        return 0
    return int(np.sign(one - other))


def _goodness(side: Side) -> dict[str, tuple[str, dict[str, float]]]:
    """Spec id to a metric's name and its value of each clip, turned so that more is better.

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
