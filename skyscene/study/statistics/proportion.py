"""Intervals of a share as if every vote were independent of all others."""

from __future__ import annotations

from dataclasses import dataclass

from statsmodels.stats.proportion import proportion_confint

from skyscene.study.statistics.share import Share


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval with the name of its method.

    Attributes:
        low: Lower end, in POS points 0..100 unless its holder says otherwise.
        high: Upper end.
        name: How it was made, for print.
    """

    low: float
    high: float
    name: str

    @property
    def width(self) -> float:
        """From end to end."""
        return self.high - self.low


def wilson(wins: float, n: int, level: float = 0.95) -> Interval:
    """Wilson's interval of 1927: what a bare percentage of n independent votes can say.

    Args:
        wins: Votes won, ties as halves.
        n: Votes, at least one.
        level: Confidence, in (0, 1).

    Raises:
        ValueError: There is no vote, or more wins than votes.

    >>> found = wilson(92, 100)
    >>> round(found.low, 1), round(found.high, 1), found.name
    (85.0, 95.9, 'Wilson')
    """
    return _interval(wins, n, level, "wilson", "Wilson")


def clopper_pearson(wins: float, n: int, level: float = 0.95) -> Interval:
    """The exact interval of Clopper and Pearson (1934): never too narrow, and right where all votes agree.

    Args:
        wins: Votes won.
        n: Votes, at least one.
        level: Confidence, in (0, 1).

    Raises:
        ValueError: There is no vote, or more wins than votes.

    >>> found = clopper_pearson(100, 100)
    >>> round(found.low, 1), found.high, found.name
    (96.4, 100.0, 'Clopper-Pearson')
    """
    return _interval(wins, n, level, "beta", "Clopper-Pearson")


def _interval(wins: float, n: int, level: float, method: str, name: str) -> Interval:
    share = Share(wins, n)
    low, high = proportion_confint(share.wins, share.votes, alpha=1 - level, method=method)
    return Interval(100 * float(low), 100 * float(high), name)
