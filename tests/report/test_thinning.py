"""Thinned numbers keep their extremes, and their holes."""

from __future__ import annotations

import numpy as np

from skyscene.report import downsample


def test_a_single_peak_survives() -> None:
    values = np.zeros(100_000, dtype=np.float32)
    values[77_777] = 1
    rows, points = downsample(values)
    assert len(rows) <= 400
    assert points[rows == 77_777] == 1


def test_few_numbers_are_left_as_they_are() -> None:
    rows, points = downsample(np.array([3, 1, 2], dtype=np.uint8))
    assert rows.tolist() == [0, 1, 2]
    assert points.tolist() == [3, 1, 2]


def test_rows_are_in_order_and_never_twice() -> None:
    rows, _ = downsample(np.random.default_rng(0).normal(size=5_000))
    assert (np.diff(rows) > 0).all()


def test_a_stretch_without_numbers_is_a_hole() -> None:
    values = np.ones(4_000)
    values[1_000:3_000] = np.nan
    _, points = downsample(values)
    assert np.isnan(points).sum() == 100
    assert (points[np.isfinite(points)] == 1).all()
