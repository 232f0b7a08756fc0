"""A sample is spread over all there is."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from skyscene.report import spread


@given(st.integers(0, 500), st.integers(1, 100))
def test_a_sample_is_as_large_as_allowed_in_order_and_evenly_spread(count: int, most: int) -> None:
    chosen = spread(range(count), most)
    assert len(chosen) == min(count, most)
    assert chosen == sorted(set(chosen))
    gaps = {b - a for a, b in pairwise(chosen)}
    assert not gaps or max(gaps) - min(gaps) <= 1
    if chosen:
        assert abs(chosen[0] - (count - 1 - chosen[-1])) <= 1


def test_none_allowed_none_shown() -> None:
    assert spread("abc", 0) == []
