"""Each transition touches exactly the frames it promises, and draws no more than it needs."""

from itertools import count, islice

import numpy as np

from skyscene.records import Interval
from skyscene.synth import cut, dissolve, fade_in, fade_out


def grey(levels):
    return (np.full((4, 6, 3), level, np.uint8) for level in levels)


def values(frames):
    return [int(frame[0, 0, 0]) for frame in frames]


def test_cut_is_at_the_first_frame_of_the_second_shot():
    assert values(cut(grey([1] * 3), grey([9] * 2))) == [1, 1, 1, 9, 9]
    assert values(cut(grey([1] * 9), grey([9] * 2), at=4)) == [1, 1, 1, 1, 9, 9]


def test_every_frame_of_a_dissolve_shows_both_shots_and_no_other_does():
    mixed = values(dissolve(grey([0] * 6), grey([100] * 6), 3))
    assert mixed == [0, 0, 0, 25, 50, 75, 100, 100, 100]
    assert values(dissolve(grey([0] * 6), grey([100] * 6), 3, at=1)) == [0, 25, 50, 75, 100, 100, 100]


def test_fades_touch_their_interval_only():
    out = values(fade_out(grey([100] * 8), Interval(2, 6)))
    assert out == [100, 100, 75, 50, 25, 0, 0, 0]
    assert values(fade_in(grey([100] * 8), Interval(2, 6))) == [0, 0, 0, 25, 50, 75, 100, 100]
    assert values(fade_out(grey([100] * 3), Interval(1, 3), colour=(255, 255, 255)))[-1] == 255


def test_transitions_stream_from_endless_films():
    endless = (np.full((4, 6, 3), index % 200, np.uint8) for index in count())
    assert values(islice(cut(grey([7]), endless), 4)) == [7, 0, 1, 2]
    endless = (np.full((4, 6, 3), index % 200, np.uint8) for index in count())
    assert len(list(islice(dissolve(endless, grey([9] * 9), 4), 5))) == 5
    assert next(endless)[0, 0, 0] == 9, "five frames given and four held back"


def test_given_frames_are_left_as_they_were():
    frame = np.full((4, 6, 3), 50, np.uint8)
    list(fade_out([frame, frame], Interval(0, 2)))
    assert (frame == 50).all()
