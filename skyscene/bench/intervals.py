"""How sure a mean is: bootstrap over groups of clips, because clips of one source are not independent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]
LEAST_GROUPS = 10
_DRAWS = 2000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over clips.

    Attributes:
        mean: The mean.
        low: Lower end of the 95 % interval; none below ten groups.
        high: Upper end.
        clips: Of how many clips.
        groups: Of how many groups.
    """

    mean: float
    low: float | None
    high: float | None
    clips: int
    groups: int


def estimate(values: Values, groups: Sequence[str], seed: int = 0) -> Estimate:
    """Mean and 95 % percentile interval by drawing whole groups again and again.

    Args:
        values: One a clip.
        groups: The group of each.
        seed: Of the draws.

    >>> found = estimate(np.arange(20.0), [str(k) for k in range(20)])
    >>> found.mean, found.low < 9.5 < found.high
    (9.5, True)
    >>> estimate(np.ones(4), list("aabb")).low is None
    True
    """
    names, member = np.unique(np.asarray(groups), return_inverse=True)
    sums = np.bincount(member, weights=values, minlength=len(names))
    counts = np.bincount(member, minlength=len(names))
    mean = float(values.mean())
    if len(names) < LEAST_GROUPS:
        return Estimate(mean, None, None, len(values), len(names))
    drawn = np.random.default_rng(seed).integers(0, len(names), (_DRAWS, len(names)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return Estimate(mean, float(low), float(high), len(values), len(names))
