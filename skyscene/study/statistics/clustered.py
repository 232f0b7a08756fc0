"""The headline interval: votes of one rater are alike, and so are votes on one clip.

The two-way cluster-robust sandwich of Cameron, Gelbach and Miller (2011) for the mean of the votes, on the
logit scale, with Student's t on the smaller number of clusters less one. It equals statsmodels'
`cov_cluster_2groups` of a logit with nothing but an intercept, but does thousands of studies at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit
from scipy.stats import t as student

from skyscene.study.statistics.proportion import Interval, clopper_pearson, wilson
from skyscene.study.statistics.share import Codes, Floats, Votes

NAME = "two-way cluster-robust"
# Two are the fewest with a spread. Simulated with 2, 3 and 4 raters on 100 clips the interval is wide and
# covers 95 % and more; Wilson's, the one to fall back on, would be far too narrow there.
LEAST_CLUSTERS = 2
_NO_SPREAD = 1e-9  # sums that are zero but for rounding


@dataclass(frozen=True, slots=True, eq=False)
class Sandwich:
    """Standard errors of many studies at once; one entry a study.

    Attributes:
        share: Of the votes that the first model won, 0..1.
        error: Standard error of the logit of the share; NaN where no vote or every vote was won.
        raters: How many raters voted.
        clips: On how many clips.
    """

    share: Floats
    error: Floats
    raters: Codes
    clips: Codes

    def ends(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Lower and upper ends in POS points; NaN where there is no interval."""
        usable = (np.minimum(self.raters, self.clips) >= LEAST_CLUSTERS) & (self.error > _NO_SPREAD)
        with np.errstate(all="ignore"):
            reach = np.where(usable, student.ppf((1 + level) / 2, self.freedom) * self.error, np.nan)
            centre = logit(self.share)
            return 100 * expit(centre - reach), 100 * expit(centre + reach)

    @property
    def freedom(self) -> Codes:
        """Degrees of freedom of Student's t: the smaller number of clusters less one."""
        return np.asarray(np.minimum(self.raters, self.clips) - 1)


def sandwich(wins: Floats, raters: Codes, clips: Codes) -> Sandwich:
    """Standard errors of studies with as many votes each.

    V = V_raters + V_clips - V_votes: squared sums of y - mean(y) by rater, by clip and by rater and clip,
    each times G / (G - 1) of its G clusters. Never below V_raters or V_clips: the difference of estimates can
    be too small, even negative. With one vote a rater V_raters is V_votes, so that clips alone decide; the
    same the other way round.

    Args:
        wins: (studies, votes), each in 0..1.
        raters: (studies, votes), from 0.
        clips: (studies, votes), from 0.
    """
    share = wins.mean(axis=1)
    errors = wins - share[:, None]
    by_rater, rater_count = _squared_sums(errors, raters)
    by_clip, clip_count = _squared_sums(errors, clips)
    by_vote, _ = _squared_sums(errors, raters * (clips.max() + 1) + clips)
    variance = np.maximum(by_rater + by_clip - by_vote, np.maximum(by_rater, by_clip))
    with np.errstate(all="ignore"):  # a share of 0 or 1 has no logit: NaN says so
        error = np.sqrt(variance) / (wins.shape[1] * share * (1 - share))
    return Sandwich(share, error, rater_count, clip_count)


def _squared_sums(errors: Floats, codes: Codes) -> tuple[Floats, Codes]:
    studies, width = len(errors), int(codes.max()) + 1
    cell = (codes + width * np.arange(studies)[:, None]).ravel()
    sums = np.bincount(cell, weights=errors.ravel(), minlength=studies * width).reshape(studies, width)
    count = (np.bincount(cell, minlength=studies * width) > 0).reshape(studies, width).sum(axis=1)
    return np.square(sums).sum(axis=1) * count / np.maximum(count - 1, 1), count


@dataclass(frozen=True, slots=True)
class TwoWay:
    """The two-way interval of one pair, or why there is none.

    Attributes:
        pos: The score, 0..100.
        interval: None where `why` says so.
        why: Empty where there is an interval.
        p: Of a POS of 50, two-sided, by t on the logit scale; None as the interval.
        standard_error: Of the logit of the share; None as the interval.
        raters: How many raters voted.
        clips: On how many clips.
    """

    pos: float
    interval: Interval | None
    why: str
    p: float | None
    standard_error: float | None
    raters: int
    clips: int

    @property
    def freedom(self) -> int:
        """Degrees of freedom: the smaller number of clusters less one."""
        return min(self.raters, self.clips) - 1


def two_way(votes: Votes, level: float = 0.95) -> TwoWay:
    """The interval of a POS that allows for raters with a taste and clips with a favourite.

    Args:
        votes: At least one.
        level: Confidence, in (0, 1).

    Raises:
        ValueError: There is no vote.

    >>> wins = np.tile([1.0, 1.0, 0.0, 1.0, 0.0], 8)
    >>> found = two_way(Votes(wins, np.arange(40) // 10, np.arange(40) % 10))
    >>> found.pos, found.interval is not None and round(found.interval.low, 1)
    (60.0, 14.7)
    >>> two_way(Votes(np.ones(4), np.arange(4), np.arange(4))).why
    'all votes are for one model'
    """
    share = votes.share
    raters, clips = (np.unique(codes, return_inverse=True)[1][None] for codes in (votes.raters, votes.clips))
    found = sandwich(votes.wins[None], raters, clips)
    why = _why_not(share.pos, int(found.raters[0]), int(found.clips[0]), float(found.error[0]))
    counts = int(found.raters[0]), int(found.clips[0])
    if why:
        return TwoWay(share.pos, None, why, None, None, *counts)
    error, (low, high) = float(found.error[0]), found.ends(level)
    p = 2 * float(student.sf(abs(logit(found.share[0])) / error, found.freedom[0]))
    return TwoWay(share.pos, Interval(float(low[0]), float(high[0]), NAME), "", p, error, *counts)


def _why_not(pos: float, raters: int, clips: int, error: float) -> str:
    if pos in (0.0, 100.0):
        return "all votes are for one model"
    if raters < LEAST_CLUSTERS:
        return "fewer than 2 raters"
    if clips < LEAST_CLUSTERS:
        return "fewer than 2 clips"
    # All ties, or as many for as against by each rater and on each clip.
    return "" if error > _NO_SPREAD else "too few clusters: they do not differ at all"


def headline(votes: Votes, level: float = 0.95) -> Interval:
    """The interval to print first: two-way where it is defined, else one as if votes were independent.

    Where every vote is for one model it is that of Clopper and Pearson; else Wilson's. Its name says which.

    Args:
        votes: At least one.
        level: Confidence, in (0, 1).

    Raises:
        ValueError: There is no vote.

    >>> headline(Votes(np.array([1.0, 0.0, 1.0]), np.zeros(3, int), np.arange(3))).name
    'Wilson'
    """
    found, share = two_way(votes, level), votes.share
    if found.interval is not None:
        return found.interval
    method = clopper_pearson if share.pos in (0.0, 100.0) else wilson
    return method(share.wins, share.votes, level)
