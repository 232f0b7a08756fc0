"""How many votes a study needs, and how wide its interval will be."""

from __future__ import annotations

from math import asin, ceil, hypot, sqrt

from scipy.special import expit, logit
from scipy.stats import norm
from scipy.stats import t as student

from skyscene.study.statistics.population import preference_for, spread
from skyscene.study.statistics.proportion import wilson


def votes_needed(pos: float, power: float = 0.8, level: float = 0.95) -> int:
    """Independent votes that tell a true POS from 50.

    Normal approximation on the arcsine scale (Cohen 1988, chapter 6): n = ((z_level + z_power) / h)^2 with
    h = 2 asin(sqrt(POS)) - pi / 2, two-sided.

    Args:
        pos: The true score, 0..100, not 50.
        power: Chance to see it, in (0, 1).
        level: One less the size of the test.

    Raises:
        ValueError: The score is 50 or outside 0..100.

    >>> [votes_needed(pos) for pos in (55, 60, 65, 70, 80)]
    [783, 194, 85, 47, 19]
    """
    if not 0 <= pos <= 100 or pos == 50:
        raise ValueError(f"a POS of {pos} cannot be told from 50 by any number of votes")
    h = 2 * (asin(sqrt(pos / 100)) - asin(sqrt(0.5)))
    return ceil(float(((norm.ppf((1 + level) / 2) + norm.ppf(power)) / h) ** 2))


def width(n: int, pos: float = 50.0) -> float:
    """The width of Wilson's interval, in POS points, where n independent votes give this score.

    Args:
        n: Votes, at least one.
        pos: 0..100.

    >>> round(width(100), 1), round(width(3000), 1)
    (19.2, 3.6)
    """
    return wilson(n * pos / 100, n).width


def two_way_width(
    raters: int, clips: int, votes_per_clip: int, rater_sd: float, clip_sd: float, pos: float = 50.0
) -> float:
    """About the width of the two-way interval, in POS points, for a dry run.

    With the variance of a vote split in parts by rater, by clip and the rest (`population.spread`), the mean
    of a balanced study has the variance by_rater / raters + by_clip / clips + rest / votes; the interval is
    made of it as from real votes, with t on the smaller number of clusters less one. Within 10 % of the mean
    width simulated for `simulate.DESIGNS`.

    Args:
        raters: At least two.
        clips: At least two.
        votes_per_clip: From 1 to the number of raters.
        rater_sd: Standard deviation of raters on the logit scale; `simulate.DESIGNS` have 0.3 to 0.5.
        clip_sd: Of clips; there 0.5 to 1.
        pos: The score that is expected, between 0 and 100.

    Raises:
        ValueError: Too few raters or clips, or more votes a clip than raters.

    >>> round(two_way_width(30, 100, 5, 0.5, 1.0), 1), round(two_way_width(5, 100, 5, 0.5, 1.0), 1)
    (13.7, 28.5)
    """
    if min(raters, clips) < 2 or not 1 <= votes_per_clip <= raters:
        raise ValueError("at least 2 raters, 2 clips and 1 vote a clip are needed, each by another rater")
    parts = spread(preference_for(pos, hypot(rater_sd, clip_sd)), rater_sd, clip_sd)
    variance = parts.by_rater / raters + parts.by_clip / clips + parts.rest / (clips * votes_per_clip)
    error = sqrt(variance) / (parts.share * (1 - parts.share))
    reach = student.ppf(0.975, min(raters, clips) - 1) * error
    centre = logit(parts.share)
    return float(100 * (expit(centre + reach) - expit(centre - reach)))
