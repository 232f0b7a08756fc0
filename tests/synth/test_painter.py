"""Skies are decided by their seed, drift smoothly over a still ground, and look their part."""

from itertools import islice, pairwise

import cv2
import numpy as np
import pytest

from skyscene.synth import KINDS, Deck, Painter, Sky, render

SIZE = (160, 90)


def luma(frame):
    return cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY).astype(np.float32)


@pytest.mark.parametrize("kind", KINDS)
def test_same_seed_same_bytes_and_no_frame_depends_on_another(kind):
    sky = Sky.named(kind, 3)
    three = list(render(sky, 3, *SIZE))
    endless = list(islice(render(sky, None, *SIZE), 5))
    assert all(np.array_equal(a, b) for a, b in zip(three, endless, strict=False))
    assert np.array_equal(Painter(sky, *SIZE).frame(4), endless[4])
    assert three[0].shape == (90, 160, 3) and three[0].dtype == np.uint8


def test_another_seed_is_another_sky():
    a, b = (next(render(Sky.named("cumulus", seed), 1, *SIZE)) for seed in (1, 2))
    assert not np.array_equal(a, b)


@pytest.mark.parametrize("kind", ["cumulus", "overcast", "sunset", "moon"])
def test_the_sky_moves_and_the_ground_stands_still(kind):
    painter = Painter(Sky.named(kind, 5), *SIZE)
    first, later = luma(painter.frame(0)), luma(painter.frame(30))
    change = np.abs(later - first)
    ground = painter.ground.mask > 0.999
    assert ground.sum() > 500
    assert change[: painter.ground.top].mean() > 1.5
    assert change[ground].mean() < 4 and change[ground].mean() < change[: painter.ground.top].mean() * 1.5


def test_the_ground_has_corners_to_track():
    for ground in ("hills", "forest", "meadow", "town", "sea"):
        painter = Painter(Sky(seed=2, ground=ground), 320, 180)
        grey = luma(painter.frame(0)).astype(np.uint8)
        mask = (painter.ground.mask > 0.9).astype(np.uint8)
        corners = cv2.goodFeaturesToTrack(grey, 100, 0.02, 5, mask=mask)
        assert corners is not None and len(corners) >= 40, ground


@pytest.mark.parametrize("wind", [(3.0, 0.0), (-3.0, 0.0)])
def test_clouds_follow_the_wind_at_its_speed(wind):
    deck = Deck(cover=0.5, size=0.5, soft=1.0, evolve=0.0)
    sky = Sky(seed=1, deck=deck, wind=wind, ground="none", grain=0.0)
    painter = Painter(sky, 640, 360)
    a, b = (luma(painter.frame(t))[:60] for t in (0, 4))
    window = np.asarray(cv2.createHanningWindow(a.shape[::-1], cv2.CV_32F))
    (right, _), _ = cv2.phaseCorrelate(a, b, window)
    # The wind holds at the very top; the strip's middle, 30 pixels lower, is farther away.
    assert right == pytest.approx(4 * wind[0] * (1 - 30 / 331), rel=0.15)


def test_clouds_evolve_and_do_not_only_shift():
    rigid, alive = (
        Sky(seed=1, deck=Deck(cover=0.5, evolve=evolve), wind=(1.0, 0.0), ground="none", grain=0.0)
        for evolve in (0.0, 0.3)
    )
    a, b = (Painter(sky, *SIZE).frame(60).astype(np.float32) for sky in (rigid, alive))
    assert np.abs(a - b).mean() > 3


def test_motion_is_smooth():
    sky = Sky.named("cumulus", 2)
    frames = [luma(f) for f in render(sky, 12, *SIZE)]
    steps = [float(np.abs(b - a).mean()) for a, b in pairwise(frames)]
    assert max(steps) < 1.6 * min(steps)


def test_dusk_falls_and_stars_come_out():
    painter = Painter(Sky.named("dusk", 4), *SIZE)
    assert painter.frame(0).mean() > 1.6 * painter.frame(190).mean()


def test_night_has_bright_points():
    painter = Painter(Sky.named("stars", 1), 320, 180)
    sky = luma(painter.frame(0))[: painter.ground.top]
    assert np.median(sky) < 60
    assert (sky > 130).sum() > 40


def test_lamps_are_lit_at_night_only():
    night, day = (Painter(Sky(seed=1, ground="town", sun=sun), *SIZE).frame(0) for sun in (-20, 40))
    below = slice(70, None)
    assert luma(night)[below].max() > 90 and np.median(luma(night)[below]) < 25
    assert np.median(luma(day)[below]) > 60


def test_small_skies_for_training():
    frames = list(render(Sky.named("cumulus", 9), 4, 64, 64))
    assert frames[0].shape == (64, 64, 3)
    assert 5 < luma(frames[0])[:40].std() < 90
