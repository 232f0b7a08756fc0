"""Curves keep their extremes, and their holes."""

from __future__ import annotations

import numpy as np
import pytest

from skyscene.report import FrameAxis, Strip, Trace, downsample
from skyscene.report.axis import tick_step


def test_a_single_peak_survives_downsampling() -> None:
    values = np.zeros(100_000, dtype=np.float32)
    values[77_777] = 1
    rows, points = downsample(values)
    assert len(rows) <= 400
    assert points[rows == 77_777] == 1


def test_short_curves_are_left_as_they_are() -> None:
    rows, points = downsample(np.array([3, 1, 2], dtype=np.uint8))
    assert rows.tolist() == [0, 1, 2]
    assert points.tolist() == [3, 1, 2]


def test_rows_are_in_order_and_never_twice() -> None:
    rows, _ = downsample(np.random.default_rng(0).normal(size=5_000))
    assert (np.diff(rows) > 0).all()


def test_what_was_not_measured_leaves_a_hole() -> None:
    path = Trace.of("x", np.array([0.0, 1.0, np.nan, 1.0])).path
    assert path == "M0 100L1 0M3 0"


def test_a_whole_stretch_without_values_is_a_hole_too() -> None:
    values = np.ones(4_000)
    values[1_000:3_000] = np.nan
    assert Trace.of("x", values).path.count("M") == 2


@pytest.mark.parametrize("values", [[], [np.nan, np.nan], [5.0, 5.0]])
def test_nothing_to_draw_is_no_error(values: list[float]) -> None:
    trace = Trace.of("x", np.array(values))
    assert trace.low <= trace.high


def test_noise_on_a_steady_curve_does_not_fill_the_height() -> None:
    steady = Trace.of("x", np.array([100.0, 100.1, 100.0])).path
    assert steady == "M0 51L1 49L2 51"


@pytest.mark.parametrize("frames", [1, 7, 31, 300, 99_999, 10_000_000])
def test_ticks_are_few_and_inside(frames: int) -> None:
    ticks = FrameAxis(frames).ticks
    assert 1 <= len(ticks) <= 8
    assert ticks[0] == (0, 0)
    assert all(0 <= place < 100 for _, place in ticks)
    assert tick_step(frames) >= 1


def test_a_strip_knows_its_shape() -> None:
    strip = Strip.from_jpeg(b"\xff\xd8", 6, 160, 90)
    assert strip.uri == "data:image/jpeg;base64,/9g="
    assert strip.is_wide
    assert not Strip.from_jpeg(b"", 1, 90, 160).is_wide
