import itertools

from hypothesis import given
from hypothesis import strategies as st

from skyscene.curate import Windows
from skyscene.records import Interval


@given(st.integers(0, 500), st.integers(1, 500), st.integers(8, 64), st.integers(1, 64), st.integers(0, 5))
def test_windows_lie_in_the_scene_never_overlap_and_keep_the_margin(
    start: int, length: int, size: int, stride: int, margin: int
) -> None:
    windows = Windows(length=size, stride=size + stride, margin=margin, max_clips_per_source=0)
    scene, source = Interval(start, start + length), Interval(0, start + length + 7)
    laid = windows.lay(scene, source)
    assert all(one.stop <= other.start for one, other in itertools.pairwise(laid))
    for window in laid:
        assert window.length == size
        assert window.start >= scene.start + (margin if start else 0)
        assert window.stop <= scene.stop - margin


def test_no_margin_is_left_at_the_ends_of_the_source() -> None:
    windows = Windows(length=32, stride=32, margin=5, max_clips_per_source=0)
    assert windows.lay(Interval(0, 64), Interval(0, 64)) == [Interval(0, 32), Interval(32, 64)]


@given(st.integers(0, 1000), st.integers(1, 200))
def test_the_limit_is_met_exactly_and_spread_evenly(count: int, limit: int) -> None:
    windows = Windows(length=32, stride=32, margin=0, max_clips_per_source=limit)
    stay = windows.spread(count)
    assert len(stay) == len(set(stay)) == min(count, limit)
    assert stay == sorted(stay) and all(0 <= index < count for index in stay)
    gaps = [b - a for a, b in itertools.pairwise(stay)]
    assert not gaps or max(gaps) - min(gaps) <= 1
