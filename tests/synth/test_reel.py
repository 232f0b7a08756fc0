"""The truth stays exact through any chain of defects, on rendered and on other films."""

import pickle
from functools import partial

import numpy as np
import pytest

from skyscene.errors import SkySceneError
from skyscene.records import Interval
from skyscene.synth import Planted, Reel, Sky


def counting(length, first=0):
    """A film whose frame k is all of value ``first`` + k."""
    return Reel(partial(_count, first, length), length)


def _count(first, length):
    return (np.full((8, 8, 3), first + k, np.uint8) for k in range(length))


def values(reel):
    return [int(frame[4, 4, 0]) for frame in reel.frames()]


def truth(reel):
    return [(p.kind, p.interval.start, p.interval.stop) for p in reel.planted]


def test_truth_moves_with_cuts_and_dissolves():
    film = counting(10).cut_to(counting(10, 100).darken(Interval(2, 5))).dissolve_to(counting(10, 200), 4)
    assert truth(film) == [("cut", 10, 10), ("dark", 12, 15), ("dissolve", 16, 20)]
    assert film.length == 26 and len(values(film)) == 26
    assert values(film)[9:11] == [9, 100]
    assert values(film)[15] == 105 and values(film)[20] == 204
    assert all(v < 108 or v > 120 for v in values(film)[:16]), "no blended frame before the dissolve"


def test_fades_through_a_colour_are_one_defect():
    film = counting(10, 100).fade_to(counting(10, 100), 3)
    assert truth(film) == [("fade", 7, 13)]
    assert values(film)[6:14] == [106, 71, 36, 0, 0, 34, 68, 103]


def test_held_frames_move_what_was_planted_before():
    film = counting(8).cut_to(counting(8, 100)).hold(4)
    assert truth(film) == [("held", 0, 20), ("cut", 10, 10)]
    assert values(film)[9:11] == [3 + 4, 100]


def test_trim_cuts_the_truth_too():
    film = counting(10).darken(Interval(4, 9)).exposure_step(9, 2.0)
    assert truth(film.trim(6)) == [("dark", 4, 6)]
    assert len(values(film.trim(6))) == 6


def test_every_method_leaves_the_reel_as_it_was_and_its_frames_can_be_drawn_again():
    reel = counting(12)
    made = [
        reel.zoom(Interval(1, 3), 0.5),
        reel.pan(Interval(1, 3), (1, 0)),
        reel.shake(Interval(1, 3), 1.0),
        reel.flicker(Interval(1, 3), 0.2),
        reel.freeze(Interval(1, 3)),
        reel.bars(top=1),
        reel.fade_in(2),
        reel.fade_out(2),
    ]
    assert reel.planted == () and values(reel) == list(range(12))
    kinds = ["zoom", "pan", "shake", "flicker", "freeze", "bars", "fade", "fade"]
    assert [film.planted[0].kind for film in made] == kinds
    for film in made:
        assert values(film) == values(film) and len(values(film)) == film.length
    assert made[5].planted == (Planted("bars", Interval(0, 12)),)


def test_what_does_not_fit_is_refused():
    with pytest.raises(SkySceneError, match=r"12 frames has no room for: zoom at 4\.\.13"):
        counting(12).zoom(Interval(4, 13), 1)
    with pytest.raises(SkySceneError, match="dissolve over 20"):
        counting(12).dissolve_to(counting(30), 20)
    with pytest.raises(ValueError, match="9 frames were promised, but only 3"):
        values(Reel(partial(_count, 0, 3), 9))


def test_a_reel_travels_to_another_process():
    reel = Reel.of_sky(Sky.named("moon", 1), 3, 32, 18).zoom(Interval(0, 3), 1)
    again = pickle.loads(pickle.dumps(reel))
    assert all(np.array_equal(a, b) for a, b in zip(reel.frames(), again.frames(), strict=True))
