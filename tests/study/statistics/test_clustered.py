"""The two-way interval: by hand, against statsmodels, in the mirror, and where it is undefined."""

from __future__ import annotations

from math import exp, log, sqrt

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from scipy.stats import t as student
from statsmodels.stats.sandwich_covariance import cov_cluster_2groups

from skyscene.study.statistics.clustered import headline, sandwich, two_way
from skyscene.study.statistics.proportion import clopper_pearson, wilson
from skyscene.study.statistics.share import Votes
from tests.study.statistics.made_votes import any_votes, made


def test_by_hand() -> None:
    """Three raters on two clips: 1 1, 1 0, 1 1, so e is 1/6 five times and -5/6 once."""
    votes = Votes(np.array([1.0, 1, 1, 0, 1, 1]), np.array([0, 0, 1, 1, 2, 2]), np.array([0, 1, 0, 1, 0, 1]))
    by_rater = 3 / 2 * (2 * (2 / 6) ** 2 + (4 / 6) ** 2)
    by_clip = 2 / 1 * (2 * (3 / 6) ** 2)
    by_vote = 6 / 5 * (5 * (1 / 6) ** 2 + (5 / 6) ** 2)
    assert by_rater + by_clip - by_vote < by_clip  # so that the floor is what counts
    error = sqrt(max(by_rater, by_clip)) / (6 * 5 / 6 * 1 / 6)
    found = two_way(votes)
    assert found.standard_error == pytest.approx(error)
    assert (found.raters, found.clips, found.freedom) == (3, 2, 1)
    assert found.p == pytest.approx(2 * student.sf(log(5) / error, 1))
    ends = [100 / (1 + exp(-log(5) - sign * student.ppf(0.975, 1) * error)) for sign in (-1, 1)]
    assert found.interval is not None
    assert [found.interval.low, found.interval.high] == pytest.approx(ends)


@pytest.mark.parametrize("seed", range(12))
def test_against_statsmodels(seed: int) -> None:
    votes = made(seed)
    fitted = sm.GLM(votes.wins, np.ones(len(votes.wins)), family=sm.families.Binomial()).fit()
    both, by_rater, by_clip = (float(v[0, 0]) for v in cov_cluster_2groups(fitted, votes.raters, votes.clips))
    assert two_way(votes).standard_error == pytest.approx(sqrt(max(both, by_rater, by_clip)), rel=1e-6)


def test_statsmodels_is_not_met_by_the_floor_alone() -> None:
    """In some of the studies above each of the three variances is the largest."""
    largest = set()
    for seed in range(12):
        votes = made(seed)
        fitted = sm.GLM(votes.wins, np.ones(len(votes.wins)), family=sm.families.Binomial()).fit()
        largest.add(int(np.argmax([v[0, 0] for v in cov_cluster_2groups(fitted, votes.raters, votes.clips)])))
    assert largest == {0, 1, 2}


def test_many_studies_at_once_are_each_alone() -> None:
    """Raters and clips that one study lacks are not counted in it."""
    studies = [made(seed, votes=20) for seed in range(5)]
    many = sandwich(*(np.stack([getattr(v, name) for v in studies]) for name in ("wins", "raters", "clips")))
    for k, votes in enumerate(studies):
        alone = two_way(votes)
        assert many.error[k] == pytest.approx(alone.standard_error)
        assert (many.raters[k], many.clips[k]) == (alone.raters, alone.clips)


def test_one_vote_a_rater_leaves_the_clips() -> None:
    """The error is that of clusters by clip alone, or of single votes where clips are not alike at all."""
    wins = np.repeat([1.0, 1.0, 0.0, 1.0, 0.0], 8)
    alike = two_way(Votes(wins, np.arange(40), np.arange(40) // 8))
    sums = np.array([0.4, 0.4, -0.6, 0.4, -0.6]) * 8
    assert alike.standard_error == pytest.approx(sqrt(5 / 4 * (sums**2).sum()) / (40 * 0.24))
    single = two_way(Votes(wins, np.arange(40), np.arange(40)))
    assert single.standard_error == pytest.approx(sqrt(40 / 39 * 40 * 0.24) / (40 * 0.24))
    turned = two_way(Votes(wins, np.arange(40) // 8, np.arange(40)))
    assert turned.standard_error == alike.standard_error
    assert turned.freedom == alike.freedom == 4


def test_raters_of_a_mind_make_it_wider_than_wilson() -> None:
    wins = np.repeat([1.0, 1.0, 1.0, 0.0, 0.0], 20)
    found = two_way(Votes(wins, np.arange(100) // 20, np.arange(100) % 20)).interval
    assert found is not None and found.width > 3 * wilson(60, 100).width


@given(any_votes())
def test_mirror(votes: Votes) -> None:
    """POS of A over B and of B over A add up to 100, and so do the ends of their intervals, crosswise."""
    one, other = two_way(votes), two_way(votes.mirrored())
    assert one.pos + other.pos == pytest.approx(100)
    assert (one.why, one.raters, one.clips) == (other.why, other.raters, other.clips)
    if one.interval is not None:
        assert one.p == pytest.approx(other.p) and one.standard_error == pytest.approx(other.standard_error)
    ours, theirs = headline(votes), headline(votes.mirrored())
    assert ours.name == theirs.name
    assert (ours.low, ours.high) == pytest.approx((100 - theirs.high, 100 - theirs.low), abs=1e-6)
    assert 0 <= ours.low <= one.pos + 1e-9 and one.pos - 1e-9 <= ours.high <= 100


@given(any_votes())
def test_order_and_codes_do_not_matter(votes: Votes) -> None:
    order = np.random.default_rng(0).permutation(len(votes.wins))
    other = Votes(votes.wins[order], 1000 - 7 * votes.raters[order], votes.clips[order] - 3)
    assert two_way(other).standard_error == pytest.approx(two_way(votes).standard_error)
    assert two_way(other).why == two_way(votes).why


@given(any_votes())
def test_p_and_interval_agree_about_fifty(votes: Votes) -> None:
    found = two_way(votes)
    if found.interval is not None and found.p is not None:
        assert (found.p < 0.05) == (not found.interval.low <= 50 <= found.interval.high)


TABLE = np.arange(20) // 5, np.arange(20) % 5


@pytest.mark.parametrize(
    ("votes", "why", "other"),
    [
        (Votes(np.ones(20), *TABLE), "all votes are for one model", clopper_pearson(20, 20)),
        (Votes(np.zeros(20), *TABLE), "all votes are for one model", clopper_pearson(0, 20)),
        (
            Votes((np.arange(20) % 4 / 3 > 0.5).astype(float), np.zeros(20, int), np.arange(20)),
            "2 raters",
            wilson(10, 20),
        ),
        (
            Votes((np.arange(20) % 4 / 3 > 0.5).astype(float), np.arange(20), np.zeros(20, int)),
            "2 clips",
            wilson(10, 20),
        ),
        (Votes(np.full(20, 0.5), *TABLE), "too few clusters", wilson(10, 20)),
        (
            Votes(np.array([1.0, 0, 0, 1]), np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])),
            "too few",
            wilson(2, 4),
        ),
    ],
)
def test_where_it_is_undefined(votes: Votes, why: str, other: object) -> None:
    found = two_way(votes)
    assert why in found.why
    assert (found.interval, found.p, found.standard_error) == (None, None, None)
    assert headline(votes) == other


def test_no_votes() -> None:
    with pytest.raises(ValueError, match="no share"):
        two_way(Votes(np.ones(0), np.zeros(0, int), np.zeros(0, int)))
