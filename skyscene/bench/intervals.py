"""How sure a mean is: bootstrap over groups of clips, because clips of one source are not independent.

And how sure a share of votes is, by Wilson's formula.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]
LEAST_GROUPS = 10
_DRAWS = 2000
_Z95 = 1.959963984540054  # of the normal distribution: 95 % lie within


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number over clips.

    Attributes:
        mean: The number.
        low: Lower end of the 95 % interval; none below ten groups, or where some draws have no number.
        high: Upper end.
        clips: Of how many clips.
        groups: Of how many groups.
    """

    mean: float
    low: float | None
    high: float | None
    clips: int
    groups: int


@dataclass(frozen=True, slots=True)
class Sums:
    """What a metric has added up, clip by clip.

    Attributes:
        values: Sum of values of each clip, (clips,) or (clips, frames).
        weights: Sum of weights of each clip; the same shape.
        finish: A sum of values over a sum of weights to the number that is shown.
    """

    values: Values
    weights: Values
    finish: Callable[[Values], Values] = np.asarray

    def number(self, times: Values | None = None) -> Values:
        """The number over all clips, or with each clip taken so many times; NaN where nothing has weight.

        Args:
            times: (draws, clips); all once by default.
        """
        if times is None:
            times = np.ones((1, len(self.values)))
        with np.errstate(invalid="ignore", divide="ignore"):
            return self.finish((times @ self.values) / (times @ self.weights))


def estimate(sums: Sums, groups: Sequence[str], beside: Sums | None = None, seed: int = 0) -> Estimate | None:
    """A number with its 95 % percentile interval, by drawing whole groups again and again.

    Args:
        sums: What was added up, (clips,).
        groups: The group of each clip.
        beside: What to take away, of the same clips: the estimate is of the paired difference.
        seed: Of the draws.

    Returns:
        None where no clip has any weight.

    >>> found = estimate(Sums(np.arange(20.0), np.ones(20)), [str(k) for k in range(20)])
    >>> found.mean, found.low < 9.5 < found.high
    (9.5, True)
    >>> estimate(Sums(np.ones(4), np.ones(4)), list("aabb")).low is None
    True
    """
    mean = float(_number(sums, beside)[0])
    if not np.isfinite(mean):
        return None
    count = len(set(groups))
    low, high = _ends(sums, groups, beside, seed)
    if low is None or high is None or not np.isfinite([low, high]).all():
        return Estimate(mean, None, None, len(groups), count)
    return Estimate(mean, float(low), float(high), len(groups), count)


@dataclass(frozen=True, slots=True)
class Band:
    """Numbers frame by frame.

    Attributes:
        mean: The number of each frame; NaN where nothing has weight.
        low: Lower ends of the 95 % intervals; none below ten groups.
        high: Upper ends.
    """

    mean: Values
    low: Values | None
    high: Values | None


def band(sums: Sums, groups: Sequence[str], seed: int = 0) -> Band:
    """As `estimate`, for sums of shape (clips, frames): each frame by itself."""
    return Band(_number(sums, None)[0], *_ends(sums, groups, None, seed))


def _number(sums: Sums, beside: Sums | None, times: Values | None = None) -> Values:
    number = sums.number(times)
    return number if beside is None else number - beside.number(times)


def _ends(
    sums: Sums, groups: Sequence[str], beside: Sums | None, seed: int
) -> tuple[Values | None, Values | None]:
    names, member = np.unique(np.asarray(groups), return_inverse=True)
    if len(names) < LEAST_GROUPS:
        return None, None
    drawn = np.random.default_rng(seed).integers(0, len(names), (_DRAWS, len(names)))
    times = np.zeros((_DRAWS, len(names)))
    np.add.at(times, (np.arange(_DRAWS)[:, None], drawn), 1)
    by_group = [_grouped(part, member, len(names)) for part in (sums, beside) if part is not None]
    numbers = _number(by_group[0], by_group[1] if beside is not None else None, times)
    low, high = np.quantile(np.where(np.isfinite(numbers), numbers, 0.0), [0.025, 0.975], axis=0)
    told = np.isfinite(numbers).all(axis=0)  # a draw without any weight leaves no interval to tell
    return np.where(told, low, np.nan), np.where(told, high, np.nan)


def _grouped(sums: Sums, member: npt.NDArray[np.int64], count: int) -> Sums:
    def total(parts: Values) -> Values:
        summed = np.zeros((count, *parts.shape[1:]))
        np.add.at(summed, member, parts)
        return summed

    return Sums(total(sums.values), total(sums.weights), sums.finish)


def wilson(share: float, trials: int) -> tuple[float, float]:
    """The 95 % interval of a share by Wilson's formula of 1927, right at small counts and at the ends too.

    Args:
        share: Of the trials, in [0, 1].
        trials: How many, at least one.

    >>> [round(end, 3) for end in wilson(0.92, 100)]
    [0.85, 0.959]
    >>> wilson(0.0, 10)[0]
    0.0
    """
    square = _Z95**2 / trials
    middle, scale = share + square / 2, 1 + square
    reach = _Z95 * sqrt((share * (1 - share) + square / 4) / trials)
    return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)
