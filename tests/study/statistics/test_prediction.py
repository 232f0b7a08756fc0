"""Does a sign predict votes: against a logit, with models swapped, and where nothing can be told."""

from __future__ import annotations

from math import exp, sqrt

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t as student
from statsmodels.stats.sandwich_covariance import cov_cluster_2groups

from skyscene.study.statistics.prediction import ONE_SIGNED, Prediction, predicts
from skyscene.study.statistics.share import Votes
from tests.study.statistics.made_votes import any_votes, made


def signs(votes: Votes, seed: int) -> np.ndarray:
    """A metric that sees each clip in its own way, tied on some."""
    return np.random.default_rng(seed).choice([-1, 0, 1], size=50, p=[0.4, 0.1, 0.5])[votes.clips]


@pytest.mark.parametrize("seed", range(6))
def test_against_a_logit_without_intercept(seed: int) -> None:
    votes = made(seed, raters=8, clips=12, votes=80)
    sign = signs(votes, seed)
    found = predicts(sign, votes.wins, votes.raters, votes.clips)
    told = sign != 0
    fitted = sm.GLM(votes.wins[told], sign[told].astype(float), family=sm.families.Binomial()).fit()
    raters, clips = votes.raters[told], votes.clips[told]
    error = sqrt(max(float(v[0, 0]) for v in cov_cluster_2groups(fitted, raters, clips)))
    freedom = min(len(set(raters)), len(set(clips))) - 1
    beta, reach = float(fitted.params[0]), float(student.ppf(0.975, freedom)) * error
    assert found.interval is not None
    assert [found.odds_ratio, found.interval.low, found.interval.high] == pytest.approx(
        [exp(beta), exp(beta - reach), exp(beta + reach)], rel=1e-5
    )
    assert found.p == pytest.approx(2 * student.sf(abs(beta) / error, freedom), rel=1e-5)
    assert found.n == told.sum()


@given(any_votes(), st.integers(0, 99), st.booleans())
def test_naming_the_models_the_other_way_round_changes_nothing(
    votes: Votes, seed: int, all_votes: bool
) -> None:
    sign = signs(votes, seed)
    rng = np.random.default_rng(seed)
    swap = np.ones(len(sign), bool) if all_votes else rng.random(len(sign)) < 0.5
    one = predicts(sign, votes.wins, votes.raters, votes.clips)
    other = predicts(
        np.where(swap, -sign, sign), np.where(swap, 1 - votes.wins, votes.wins), votes.raters, votes.clips
    )
    # The caution about one sign speaks of the names; swapping some of them takes it away.
    assert (one.odds_ratio, one.interval, one.p, one.agreement, one.n) == (
        other.odds_ratio,
        other.interval,
        other.p,
        other.agreement,
        other.n,
    )
    assert not all_votes or one.why == other.why


@given(any_votes(), st.integers(0, 99))
def test_the_opposite_metric_has_the_inverse_odds(votes: Votes, seed: int) -> None:
    sign = signs(votes, seed)
    one, other = (predicts(s, votes.wins, votes.raters, votes.clips) for s in (sign, -sign))
    assert one.n == other.n
    if one.odds_ratio is not None and other.odds_ratio is not None:
        assert one.odds_ratio * other.odds_ratio == pytest.approx(1)
        assert one.p == pytest.approx(other.p)


def test_a_metric_that_sees_what_raters_see() -> None:
    rng = np.random.default_rng(0)
    rater, clip = np.divmod(np.arange(600), 60)
    sign = rng.choice([-1, 1], 60)[clip]
    wins = (rng.random(600) < np.where(sign > 0, 0.8, 0.2)).astype(float)
    good = predicts(sign, wins, rater, clip)
    assert good.interval is not None and good.interval.low < 4 < good.interval.high and good.p is not None
    assert good.p < 1e-4 and good.agreement == pytest.approx(80, abs=4)
    blind = predicts(rng.choice([-1, 1], 60)[clip], wins, rater, clip)
    assert blind.interval is not None and blind.interval.low < 1 < blind.interval.high


ROWS = np.arange(20) // 5, np.arange(20) % 5
HALF = np.where(np.arange(20) % 2 == 0, 1, -1)


def test_perfect_separation() -> None:
    with_it = predicts(HALF, (HALF > 0).astype(float), *ROWS)
    assert with_it == Prediction(None, None, None, 100.0, 20, "all votes go with the metric: no finite odds")
    against = predicts(-HALF, (HALF > 0).astype(float), *ROWS)
    assert (against.odds_ratio, against.agreement) == (None, 0.0) and "against" in against.why


def test_a_metric_tied_everywhere_and_on_some() -> None:
    none = predicts(np.zeros(20, int), np.ones(20), *ROWS)
    assert none == Prediction(None, None, None, None, 0, "the metric is tied everywhere")
    wins = np.append(np.tile([1.0, 1.0, 0.0], 6), [0.0, 0.0])
    some = predicts(np.append(np.ones(18, int), [0, 0]), wins, *ROWS)
    assert (some.n, some.odds_ratio) == (18, pytest.approx(2.0))


def test_a_metric_of_one_sign_is_the_preference_itself() -> None:
    votes = made(2)
    found = predicts(np.ones(40, int), votes.wins, votes.raters, votes.clips)
    assert found.agreement == votes.share.pos and found.why == ONE_SIGNED and found.interval is not None


def test_votes_all_tied_and_one_rater() -> None:
    tied = predicts(HALF, np.full(20, 0.5), *ROWS)
    assert (tied.odds_ratio, tied.interval, tied.agreement) == (
        1.0,
        None,
        50.0,
    ) and "too few clusters" in tied.why
    alone = predicts(HALF, (np.arange(20) % 3 > 0).astype(float), np.zeros(20, int), np.arange(20))
    assert alone.interval is None and alone.odds_ratio is not None and alone.why == "fewer than 2 raters"


def test_two_raters_far_apart_have_an_interval_without_a_warning() -> None:
    """One degree of freedom; also where all votes but one go with the metric."""
    rater, clip = np.divmod(np.arange(2000), 1000)
    wins = (rater == 0).astype(float)
    wins[0] = 0.0
    found = predicts(np.ones(2000, int), wins, rater, clip)
    assert found.interval is not None
    assert 0 <= found.interval.low < 1e-4 and found.interval.high > 1e4
    lone = np.ones(2000)
    lone[0] = 0.0
    found = predicts(np.ones(2000, int), lone, rater, clip)
    assert found.interval is not None and found.interval.low < 1999 < found.interval.high


def test_what_is_no_sign() -> None:
    for sign in (np.full(20, 2), np.ones(19, int)):
        with pytest.raises(ValueError, match="sign of 1, 0 or -1"):
            predicts(sign, np.ones(20), *ROWS)
