from __future__ import annotations

import numpy as np

from skyscene import recipes
from skyscene.curate.crops import Bars
from skyscene.records import Crop
from tests.curate.material import drift, frames_of

BARS = Bars(name="bars", **recipes.load("pipelines", "sky")["bars"])


def boxed(top: int, left: int, level: int = 16) -> np.ndarray:
    y = drift(1, 20)
    y[:, :top] = y[:, 72 - top :] = level
    y[:, :, :left] = y[:, :, 128 - left :] = level
    return y


def test_no_bars_is_the_whole_picture() -> None:
    assert BARS.crop(frames_of(drift(1, 20), "borders"), 1280, 720) == Crop(0, 0, 1280, 720)


def test_no_pixel_of_a_bar_is_left() -> None:
    for level in (16, 235):
        crop = BARS.crop(frames_of(boxed(9, 5, level), "borders"), 1280, 720)
        assert crop == Crop(60, 100, 1160, 520)


def test_the_thinnest_bar_of_the_scene_counts() -> None:
    y = boxed(8, 0)
    y[10, 4:8] = 120
    y[11, 4:8, ::2] = 20
    crop = BARS.crop(frames_of(y, "borders"), 128, 72)
    assert (crop.y, crop.height) == (6, 60)


def test_a_black_ground_at_night_is_no_bar() -> None:
    y = drift(1, 20)
    y[:, 50:] = 16
    assert BARS.crop(frames_of(y, "borders"), 128, 72) == Crop(0, 0, 128, 72)


def test_a_black_scene_is_not_cropped_away() -> None:
    black = np.full((20, 72, 128), 16, np.uint8)
    assert BARS.crop(frames_of(black, "borders"), 128, 72) == Crop(0, 0, 128, 72)


def test_a_crop_to_a_sliver_is_no_crop() -> None:
    assert BARS.crop(frames_of(boxed(20, 0), "borders"), 128, 72).height == 28
    assert BARS.crop(frames_of(boxed(27, 0), "borders"), 128, 72) == Crop(0, 0, 128, 72)
