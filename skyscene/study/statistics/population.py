"""What is true of all raters and clips, where the logit of a vote has a normal part by either."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

# Gauss-Hermite quadrature for the mean over a standard normal variable; 120 nodes are right to 1e-6 up to a
# standard deviation of 3 on the logit scale.
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(120)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


@dataclass(frozen=True, slots=True)
class Spread:
    """Where the variance of a vote (1 or 0) comes from.

    Attributes:
        share: The chance that a vote is won, 0..1.
        by_rater: Variance of a rater's own chance over all clips.
        by_clip: Variance of a clip's chance over all raters.
        rest: What is left, new with each vote; the three add up to share (1 - share).
    """

    share: float
    by_rater: float
    by_clip: float
    rest: float


def mean_share(preference: float, sd: float) -> float:
    """The mean chance of a win, 0..1, where its logit is normal; by numerical integration.

    Args:
        preference: Mean of the logit.
        sd: Its standard deviation.

    >>> mean_share(0.0, 2.0), round(mean_share(1.0, 0.0), 4)
    (0.5, 0.7311)
    """
    return float(expit(preference + sd * _NODES) @ _WEIGHTS)


def spread(preference: float, rater_sd: float, clip_sd: float) -> Spread:
    """The parts of a vote's variance.

    Args:
        preference: Mean of the logit of a win.
        rater_sd: Standard deviation of its part by rater.
        clip_sd: Of its part by clip.

    >>> parts = spread(0.0, 0.5, 1.0)
    >>> round(parts.by_rater, 4), round(parts.by_clip, 4), round(parts.rest, 4)
    (0.0099, 0.0402, 0.1998)
    """
    chance = expit(preference + rater_sd * _NODES[:, None] + clip_sd * _NODES[None, :])
    share = float(_WEIGHTS @ chance @ _WEIGHTS)
    by_rater, by_clip = (
        float(_WEIGHTS @ np.square(means - share)) for means in (chance @ _WEIGHTS, _WEIGHTS @ chance)
    )
    return Spread(share, by_rater, by_clip, share * (1 - share) - by_rater - by_clip)


def preference_for(pos: float, sd: float) -> float:
    """The mean logit that gives a POS: `mean_share` the other way round.

    Args:
        pos: Between 0 and 100, neither of them.
        sd: Standard deviation of the logit.

    Raises:
        ValueError: The POS is 0 or 100 or outside.

    >>> preference_for(50, 1.0), round(preference_for(73.10585786, 0.0), 6)
    (0.0, 1.0)
    """
    if not 0 < pos < 100:
        raise ValueError(f"a POS between 0 and 100 is needed, not {pos}")
    if pos == 50:
        return 0.0
    reach = 40 + 10 * sd  # beyond it the share is 0 or 1 to the last digit
    return float(brentq(lambda at: mean_share(at, sd) - pos / 100, -reach, reach))
