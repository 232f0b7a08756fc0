"""Camera moves start and stop at exact frames, move at the promised speed and never show an edge."""

from itertools import count, islice

import cv2
import numpy as np
import pytest

from skyscene.records import Interval
from skyscene.synth import pan, shake, zoom
from skyscene.synth.noise import stream, tile


@pytest.fixture(scope="module")
def picture():
    noise = tile(stream(0, "test"), 256, 20)[:120, :200]
    return np.repeat(np.clip(128 + 40 * noise, 40, 255).astype(np.uint8)[..., None], 3, axis=2)


def shift(first, second):
    """Displacement (right, down) of the picture's middle."""
    a, b = (cv2.cvtColor(f, cv2.COLOR_RGB2GRAY).astype(np.float32) for f in (first, second))
    window = np.asarray(cv2.createHanningWindow(a.shape[::-1], cv2.CV_32F))
    return cv2.phaseCorrelate(a, b, window)[0]


def moving(frames):
    return [k for k in range(1, len(frames)) if not np.array_equal(frames[k - 1], frames[k])]


@pytest.mark.parametrize("percent", [0.5, -0.5])
def test_zoom_moves_exactly_its_interval(picture, percent):
    frames = list(zoom([picture] * 12, Interval(4, 9), percent))
    assert moving(frames) == [4, 5, 6, 7, 8]
    assert all(frame.shape == picture.shape for frame in frames)
    still = frames[0] if percent > 0 else frames[-1]
    assert np.array_equal(still, picture)


def test_pan_moves_at_its_speed_and_shows_no_edge(picture):
    frames = list(pan([picture] * 14, Interval(3, 11), (1.5, 0.0)))
    assert moving(frames) == list(range(3, 11))
    right, down = shift(frames[4], frames[9])
    assert right == pytest.approx(-7.5, abs=0.4) and down == pytest.approx(0, abs=0.3)
    assert all(frame.min() > 30 for frame in frames)


def test_pan_uses_the_room_of_a_wider_film_before_it_magnifies(picture):
    frames = list(pan([picture] * 6, Interval(0, 6), (2.0, 0.0), size=(188, 120)))
    assert frames[0].shape == (120, 188, 3)
    assert np.array_equal(frames[-1], picture[:, 12:]), "the right end of the film, not resampled"


def test_shake_stays_within_its_interval(picture):
    frames = list(shake([picture] * 9, Interval(3, 6), 2.0, seed=1))
    assert moving(frames) == [3, 4, 5, 6]


def test_moves_stream_from_endless_films(picture):
    for move in (
        zoom(_endless(picture), Interval(2, 4), 1.0),
        pan(_endless(picture), Interval(2, 4), (1, 0)),
    ):
        assert len(list(islice(move, 6))) == 6


def _endless(picture):
    return (picture for _ in count())
