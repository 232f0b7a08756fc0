"""Sides are even for every rater, every clip and in all, whatever the plan."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from skyscene.study.balance import halves

EDGES = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=60)


@given(EDGES, st.lists(st.booleans(), min_size=60, max_size=60))
def test_every_node_and_the_whole_are_divided_evenly(edges: list[tuple[int, int]], coins: list[bool]) -> None:
    sides = halves(edges, lambda walk: coins[walk])
    off: Counter[tuple[str, int]] = Counter()
    for (rater, clip), side in zip(edges, sides, strict=True):
        for node in (("rater", rater), ("clip", clip)):
            off[node] += 1 if side else -1
    assert all(abs(count) <= 1 for count in off.values())
    assert abs(sum(1 if side else -1 for side in sides)) <= 1


def test_the_coin_decides() -> None:
    edges = [("a", 1)]
    assert halves(edges, lambda walk: True) == [True] and halves(edges, lambda walk: False) == [False]
