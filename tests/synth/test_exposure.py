"""Faults of exposure touch exactly their frames."""

from itertools import count, islice

import numpy as np

from skyscene.records import Interval
from skyscene.synth import darken, exposure_step, flicker


def endless(level=100):
    return (np.full((4, 6, 3), level, np.uint8) for _ in count())


def values(frames, number):
    return [int(frame[0, 0, 0]) for frame in islice(frames, number)]


def test_darken():
    assert values(darken(endless(), Interval(2, 4), 0.1), 6) == [100, 100, 10, 10, 100, 100]


def test_nothing_is_seen_at_the_default_level_of_darkness():
    assert max(values(darken(endless(255), Interval(0, 3)), 3)) <= 5


def test_exposure_step_saturates():
    assert values(exposure_step(endless(), 2, 1.5), 4) == [100, 100, 150, 150]
    assert values(exposure_step(endless(), 0, 9.0), 1) == [255]


def test_flicker_is_decided_by_its_seed():
    first = values(flicker(endless(), Interval(2, 8), 0.3, seed=5), 10)
    assert first == values(flicker(endless(), Interval(2, 8), 0.3, seed=5), 10)
    assert first[:2] == first[8:] == [100, 100]
    assert len(set(first[2:8])) > 3 and all(70 <= value <= 130 for value in first)
