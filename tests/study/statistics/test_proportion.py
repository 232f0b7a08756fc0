"""Shares and the intervals of independent votes: the papers' counts, the library, the mirror."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

from skyscene.study.statistics.proportion import clopper_pearson, wilson
from skyscene.study.statistics.share import Share, Votes

# MD-GAN's opinion scores of 100 votes each, with Wilson's intervals worked out by hand from his formula.
MDGAN = {
    92: (85.0, 95.9),
    97: (91.5, 99.0),
    5: (2.2, 11.2),
    1: (0.2, 5.4),
    16: (10.1, 24.4),
    70: (60.4, 78.1),
    8: (4.1, 15.0),
}


@pytest.mark.parametrize("count", MDGAN)
def test_published_counts_give_their_score_and_interval(count: int) -> None:
    found = wilson(count, 100)
    assert Share(count, 100).pos == count
    assert (round(found.low, 1), round(found.high, 1)) == MDGAN[count]


@pytest.mark.parametrize(("wins", "n"), [(0, 7), (1, 100), (50, 100), (92, 100), (7, 7)])
@pytest.mark.parametrize("level", [0.9, 0.95])
def test_against_scipy(wins: int, n: int, level: float) -> None:
    for ours, method in ((wilson, "wilson"), (clopper_pearson, "exact")):
        other = binomtest(wins, n).proportion_ci(level, method=method)
        found = ours(wins, n, level)
        assert (found.low, found.high) == pytest.approx((100 * other.low, 100 * other.high), abs=1e-9)
        mirror = ours(n - wins, n, level)
        assert (100 - mirror.high, 100 - mirror.low) == pytest.approx((found.low, found.high), abs=1e-9)


def test_a_tie_is_half_a_win() -> None:
    votes = Votes(np.array([1.0, 0.5, 0.5, 0.0]), np.arange(4), np.arange(4))
    assert votes.share == Share(2.0, 4)
    low, high = wilson(2.5, 10).low, wilson(2.5, 10).high
    assert wilson(2, 10).low < low < wilson(3, 10).low
    assert wilson(2, 10).high < high < wilson(3, 10).high


@pytest.mark.parametrize("ask", [lambda: Share(0, 0), lambda: Share(3, 2), lambda: wilson(-1, 5)])
def test_what_is_no_share(ask: object) -> None:
    assert callable(ask)
    with pytest.raises(ValueError, match="are no share"):
        ask()


def test_what_are_no_votes() -> None:
    one = np.zeros(1, int)
    with pytest.raises(ValueError, match="one entry a vote"):
        Votes(np.ones(2), one, one)
    for wrong in (2.0, -1.0, np.nan):
        with pytest.raises(ValueError, match="a vote is 1"):
            Votes(np.array([wrong]), one, one)
    with pytest.raises(ValueError, match="no share"):
        Votes(np.ones(0), one[:0], one[:0]).share
