from __future__ import annotations

from dataclasses import replace

import numpy as np

from skyscene.curate.scenes import scene_intervals
from skyscene.records import Interval, Transition
from tests.curate.material import frames_with

FRAMES = frames_with({"luma_mean": np.zeros(100, np.float32)})


def at(start: int, stop: int) -> Transition:
    return Transition(Interval(start, stop), "cut" if start == stop else "dissolve", 1.0, "test")


def test_no_transition_is_one_scene() -> None:
    assert scene_intervals(FRAMES, []) == [Interval(0, 100)]


def test_cuts_split_and_dissolves_are_left_out() -> None:
    found = [at(80, 90), at(40, 40), at(40, 40), at(85, 85), at(90, 90)]
    assert scene_intervals(FRAMES, found) == [Interval(0, 40), Interval(40, 80), Interval(90, 100)]


def test_a_damaged_frame_belongs_to_no_scene() -> None:
    gap = np.zeros(100, np.bool_)
    gap[[0, 50]] = True
    assert scene_intervals(replace(FRAMES, gap=gap), []) == [Interval(1, 50), Interval(51, 100)]
