"""Held and frozen frames."""

from itertools import count, islice

from skyscene.records import Interval
from skyscene.synth import freeze, hold


def test_hold_turns_24_frames_into_30():
    assert list(hold(range(8), 4)) == [0, 1, 2, 3, 3, 4, 5, 6, 7, 7]
    assert len(list(hold(range(24), 4))) == 30


def test_freeze_repeats_the_frame_before():
    assert list(freeze(range(7), Interval(2, 5))) == [0, 1, 1, 1, 1, 5, 6]
    assert list(freeze(range(4), Interval(0, 2))) == [0, 0, 2, 3]


def test_both_stream():
    assert list(islice(hold(count(), 2), 4)) == [0, 1, 1, 2]
    assert list(islice(freeze(count(), Interval(1, 3)), 4)) == [0, 0, 0, 3]
