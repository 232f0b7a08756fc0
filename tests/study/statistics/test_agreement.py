"""Alpha, Holm and the left side: by hand and against other ways to the same number."""

from __future__ import annotations

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy.stats import binom

from skyscene.study.statistics.agreement import Agreement, alpha, rating_table
from skyscene.study.statistics.bias import left_bias
from skyscene.study.statistics.multiple import holm
from tests.study.statistics.made_votes import made

NAN = np.nan


def test_alpha_by_hand() -> None:
    """Two raters, ten items, 4 times apart: 1 - (20 - 1) * 8 / (2 * 10 * 10), with ten 1s and ten 0s."""
    table = np.array([[1, 1, 1, 1, 1, 0, 0, 0, 0, 0], [1, 1, 1, 0, 0, 1, 1, 0, 0, 0]], float)
    assert alpha(table).value == pytest.approx(1 - 19 * 8 / 200)


def test_alpha_against_the_library_with_votes_missing() -> None:
    table = rating_table(made(3))
    assert np.isnan(table).any()
    expected = krippendorff.alpha(reliability_data=table, level_of_measurement="nominal")
    assert alpha(table) == Agreement(pytest.approx(expected))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ([[1, 1], [1, 1]], "everyone agreed"),
        ([[1, 1, 0], [1, 1, NAN]], "everyone agreed"),  # the 0 was seen by one rater only
        ([[1, 0, 1]], "nothing was judged by two"),
        ([[1, NAN], [NAN, 0]], "nothing was judged by two"),
        ([[NAN, NAN], [NAN, NAN]], "nothing was judged by two"),
        (np.zeros((0, 3)), "nothing was judged by two"),
        (np.zeros((3, 0)), "nothing was judged by two"),
    ],
)
def test_alpha_undefined(table: object, why: str) -> None:
    found = alpha(np.array(table, float))
    assert found.value is None and why in found.why


@given(
    arrays(
        float, array_shapes(min_dims=2, max_dims=2, min_side=1), elements=st.sampled_from([0, 0.5, 1, NAN])
    )
)
def test_alpha_is_always_an_answer(table: np.ndarray) -> None:
    found = alpha(table)
    assert (found.value is None) == bool(found.why)
    assert found.value is None or -1 <= found.value <= 1


def test_rating_table_places_votes() -> None:
    votes = made(1)
    table = rating_table(votes)
    assert np.array_equal(table[votes.raters, votes.clips], votes.wins)  # all raters and clips are there
    assert np.isfinite(table).sum() == len(votes.wins)
    doubled = [np.append(part, part[0]) for part in (votes.wins, votes.raters, votes.clips)]
    with pytest.raises(ValueError, match="twice"):
        rating_table(type(votes)(*doubled))


def test_holm_by_hand() -> None:
    """Times 4, 3, 2, 1 in rising order, never falling, at most 1."""
    assert holm([0.04, 0.01, 0.03, 0.005]) == pytest.approx([0.06, 0.03, 0.06, 0.02])
    assert holm([0.9, 0.8]) == [1.0, 1.0]


def test_holm_passes_over_what_is_undefined() -> None:
    assert holm([None, 0.02, None, 0.5]) == [None, 0.04, None, 0.5]
    assert holm([None]) == [None]
    assert holm([]) == []
    with pytest.raises(ValueError, match="p-values lie"):
        holm([0.2, float("nan")])


@pytest.mark.parametrize(("lefts", "n"), [(0, 5), (512, 1000), (9, 10), (5, 10), (7, 7)])
def test_left_bias(lefts: int, n: int) -> None:
    share, p = left_bias(lefts, n)
    assert share == 100 * lefts / n
    assert p == pytest.approx(min(1.0, 2 * float(binom.cdf(min(lefts, n - lefts), n, 0.5))))
    assert left_bias(n - lefts, n)[1] == pytest.approx(p)


@pytest.mark.parametrize(("lefts", "n"), [(0, 0), (3, 2), (-1, 4)])
def test_left_bias_of_nothing(lefts: int, n: int) -> None:
    with pytest.raises(ValueError, match="is no share"):
        left_bias(lefts, n)
