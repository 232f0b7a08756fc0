from __future__ import annotations

import numpy as np

from skyscene.records import Interval
from tests.curate.material import drift, found, frames_of


def cuts(y: np.ndarray) -> list[Interval]:
    return [t.interval for t in found("cut", frames_of(y, "change"))]


def test_a_cut_is_an_empty_interval_at_the_first_new_frame() -> None:
    y = np.concatenate([drift(1, 30), drift(9, 30)])
    assert cuts(y) == [Interval(30, 30)]


def test_cuts_to_and_from_black_are_both_found() -> None:
    y = np.concatenate([drift(1, 30), np.full((10, 72, 128), 16, np.uint8), drift(1, 30)])
    assert cuts(y) == [Interval(30, 30), Interval(40, 40)]


def test_an_exposure_step_is_no_cut() -> None:
    y = drift(1, 60).astype(np.float32)
    y[30:] = 16 + (y[30:] - 16) * 0.6
    assert cuts(np.round(y).astype(np.uint8)) == []


def test_fast_clouds_are_no_cut() -> None:
    assert cuts(drift(1, 60, speed=3.0)) == []


def test_a_single_frame_has_no_cut() -> None:
    assert cuts(drift(1, 1)) == []
