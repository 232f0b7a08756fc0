from __future__ import annotations

import numpy as np
import pytest

from skyscene.records import Interval
from tests.curate.material import found, frames_with


def fades(mean: np.ndarray) -> list[Interval]:
    return [t.interval for t in found("fade", frames_with({"luma_mean": mean.astype(np.float32)}))]


def ramp(length: int, low: float = 16.0, high: float = 100.0) -> np.ndarray:
    """Whole until 49, ``length`` frames in between, then empty."""
    return np.concatenate([np.full(50, high), np.linspace(high, low, length + 2)[1:-1], np.full(50, low)])


@pytest.mark.parametrize("length", [2, 8, 30, 80])
@pytest.mark.parametrize("empty", [16.0, 235.0])
def test_a_fade_out_is_covered(length: int, empty: float) -> None:
    (seen,) = fades(ramp(length, low=empty))
    assert seen.covers(Interval(50, 50 + length))
    assert seen.length <= length + 4


@pytest.mark.parametrize("length", [2, 8, 30])
def test_a_fade_in_is_covered(length: int) -> None:
    (seen,) = fades(ramp(length)[::-1])
    assert seen.covers(Interval(50, 50 + length))


def test_a_gradual_evening_is_no_fade() -> None:
    assert fades(16 + 55 * np.exp(-np.arange(400) / 90)) == []


def test_a_darkening_that_ends_grey_is_no_fade() -> None:
    assert fades(ramp(30, low=40.0)) == []


def test_a_hard_cut_to_black_is_no_fade() -> None:
    assert fades(np.concatenate([np.full(40, 90.0), np.full(40, 16.0)])) == []
