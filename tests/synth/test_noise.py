"""Textures wrap round and have the statistics they promise."""

import numpy as np
import pytest

from skyscene.synth.noise import ridge, stream, tile


@pytest.mark.parametrize("billow", [0.0, 0.7])
def test_tiles_are_normalised_and_seamless(billow):
    texture = tile(stream(1, "t"), 128, 8, billow)
    assert texture.dtype == np.float32
    assert texture.mean() == pytest.approx(0, abs=1e-3) and texture.std() == pytest.approx(1, abs=1e-3)
    seam = np.abs(texture[:, 0] - texture[:, -1]).mean()
    inside = np.abs(np.diff(texture, axis=1)).mean()
    assert seam < 1.5 * inside


def test_a_tile_is_one_octave():
    power = np.abs(np.fft.rfft2(tile(stream(1, "t"), 128, 16))) ** 2
    cycles = np.hypot(np.fft.fftfreq(128)[:, None], np.fft.rfftfreq(128)[None]) * 128
    band = (cycles > 8) & (cycles < 32)
    assert power[band].sum() > 0.95 * power.sum()


def test_streams_are_independent():
    assert stream(1, "a").random() == stream(1, "a").random()
    assert stream(1, "a").random() != stream(1, "b").random() != stream(2, "a").random()


def test_ridges_stay_within_bounds():
    line = ridge(stream(3, "r"), 100, 2.5)
    assert line.shape == (100,) and line.min() == 0 and line.max() == 1
