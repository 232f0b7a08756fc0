import itertools

from hypothesis import given
from hypothesis import strategies as st

from skyscene.records import Interval, subtract, union

intervals = st.tuples(st.integers(0, 60), st.integers(0, 20)).map(lambda p: Interval(p[0], p[0] + p[1]))


def frames(items: list[Interval]) -> set[int]:
    return {frame for item in items for frame in item}


@given(st.lists(intervals))
def test_union_has_the_same_frames_and_is_sorted_and_disjoint(items: list[Interval]) -> None:
    joined = union(items)
    assert frames(joined) == frames(items)
    assert all(one.stop < other.start for one, other in itertools.pairwise(joined))
    assert all(item.length for item in joined)


@given(intervals, st.lists(intervals))
def test_subtract_leaves_exactly_the_frames_outside_the_holes(whole: Interval, holes: list[Interval]) -> None:
    rest = subtract(whole, holes)
    assert frames(rest) == set(whole) - frames(holes)


@given(intervals, intervals)
def test_overlap_cover_and_intersection_agree_with_sets(one: Interval, other: Interval) -> None:
    assert one.overlaps(other) == bool(set(one) & set(other))
    assert one.covers(other) == (set(other) <= set(one))
    assert set(one.intersect(other)) == set(one) & set(other)


@given(st.integers(0, 50), st.integers(0, 400), st.integers(1, 64), st.integers(1, 64))
def test_windows_fit_keep_their_distance_and_leave_no_room(
    start: int, length: int, size: int, stride: int
) -> None:
    span = Interval(start, start + length)
    windows = span.windows(size, stride)
    assert all(span.covers(window) and window.length == size for window in windows)
    assert all(b.start - a.start == stride for a, b in itertools.pairwise(windows))
    assert len(windows) == (0 if length < size else 1 + (length - size) // stride)


def test_an_interval_that_ends_before_it_starts_is_refused() -> None:
    import pytest

    with pytest.raises(ValueError, match="not an interval"):
        Interval(5, 4)


def test_shrink_never_turns_inside_out() -> None:
    assert Interval(10, 12).shrink(5, 5).length == 0
