"""Whether the sign of a metric's difference tells which of two clips a rater will prefer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

from skyscene.study.statistics.clustered import NAME, TwoWay, two_way
from skyscene.study.statistics.proportion import Interval
from skyscene.study.statistics.share import Codes, Floats, Votes

ONE_SIGNED = "the metric prefers one model everywhere: this is that model's POS once more"


@dataclass(frozen=True, slots=True)
class Prediction:
    """How well a metric predicts votes.

    Attributes:
        odds_ratio: Odds that a vote goes with the metric: 1 is chance, below 1 the metric points the wrong
            way; None where all votes go with it or all against.
        interval: Its 95 % two-way cluster-robust interval, in odds, not in POS points; None where undefined.
        p: Of odds of 1, two-sided; None as the interval.
        agreement: Share of votes that go with the metric, 0..100, a tie half; None without any vote.
        n: Votes where the metric has a preference; only these count.
        why: What is undefined and why, or what to beware of; else empty.
    """

    odds_ratio: float | None
    interval: Interval | None
    p: float | None
    agreement: float | None
    n: int
    why: str = ""


def predicts(sign: npt.NDArray[np.int64], wins: Floats, raters: Codes, clips: Codes) -> Prediction:
    """Logistic regression of a vote on the sign of the metric's difference, clustered by rater and clip.

    logit P(first wins) = beta * sign, without an intercept: which of two models is called the first is
    arbitrary, and an intercept would be a preference for being first. So naming them the other way round, in
    all votes or in some, changes nothing. exp(beta) is then the odds that a vote goes with the metric, and
    the model is that of `two_way` for the votes turned to the metric's side; where the metric is tied a vote
    says nothing.

    Args:
        sign: A vote each: 1 where the metric finds the first model's clip better, -1 the second's, 0 neither.
        wins: 1, 0.5 or 0 for the first model.
        raters: Who voted, whole numbers.
        clips: On which clip, whole numbers.

    Raises:
        ValueError: The four differ in length, or a sign is not 1, 0 or -1.

    >>> sign, wins = np.array([1, 1, -1, -1] * 5), np.array([1.0, 0.0, 0.0, 0.0] * 5)
    >>> found = predicts(sign, wins, np.arange(20) // 4, np.arange(20) % 4)
    >>> found.agreement, found.odds_ratio
    (75.0, 3.0)
    """
    if sign.shape != wins.shape or not np.isin(sign, (-1, 0, 1)).all():
        raise ValueError("a sign of 1, 0 or -1 is needed for each vote")
    votes = Votes(np.where(sign > 0, wins, 1 - wins), raters, clips)
    told = sign != 0
    if not told.any():
        return Prediction(None, None, None, None, 0, "the metric is tied everywhere")
    found = two_way(Votes(votes.wins[told], raters[told], clips[told]))
    n = int(told.sum())
    if found.pos in (0.0, 100.0):
        side = "with" if found.pos else "against"
        return Prediction(None, None, None, found.pos, n, f"all votes go {side} the metric: no finite odds")
    caution = ONE_SIGNED if len(np.unique(sign[told])) == 1 else ""
    why = "; ".join(filter(None, (found.why, caution)))
    return Prediction(found.pos / (100 - found.pos), _odds(found), found.p, found.pos, n, why)


def _odds(found: TwoWay) -> Interval | None:
    if found.interval is None or found.standard_error is None:
        return None
    reach = float(student.ppf(0.975, found.freedom)) * found.standard_error
    with np.errstate(over="ignore"):  # with two raters the upper end can be beyond all numbers
        low, high = found.pos / (100 - found.pos) * np.exp([-reach, reach])
    return Interval(float(low), float(high), NAME)
