"""Bars cover exactly their pixels."""

import numpy as np

from skyscene.synth import bars


def test_bars_cover_their_pixels_and_leave_the_given_frame_alone():
    frame = np.full((10, 20, 3), 99, np.uint8)
    (barred,) = bars([frame], top=2, bottom=3, left=1, right=4, colour=(5, 6, 7))
    inside = barred[2:7, 1:16]
    assert (inside == 99).all() and (barred == 99).sum() == inside.size
    assert barred[0, 0].tolist() == [5, 6, 7]
    assert (frame == 99).all()


def test_no_bars_change_nothing():
    frame = np.full((10, 20, 3), 99, np.uint8)
    (same,) = bars([frame])
    assert np.array_equal(same, frame)
