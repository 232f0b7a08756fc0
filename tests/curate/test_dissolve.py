from __future__ import annotations

import numpy as np
import pytest

from skyscene.records import Interval
from tests.curate.material import drift, found, frames_of


def mixed(length: int) -> np.ndarray:
    """Frames 50 .. 50 + length - 1 are blends."""
    a, b = (drift(seed, 50 + length, 0.03, evolve=2000).astype(np.float32) for seed in (1, 9))
    share = (np.arange(1, length + 1) / (length + 1))[:, None, None]
    blend = a[50:] * (1 - share) + b[:length] * share
    return np.round(np.concatenate([a[:50], blend, b[length:]])).astype(np.uint8)


@pytest.mark.parametrize("length", [2, 5, 8, 16, 30, 45])
def test_a_dissolve_is_covered(length: int) -> None:
    seen = [t.interval for t in found("dissolve", frames_of(mixed(length), "tiles"))]
    assert len(seen) == 1
    assert seen[0].covers(Interval(50, 50 + length))
    assert seen[0].length <= 1.6 * length + 6


def test_drifting_clouds_are_no_dissolve() -> None:
    assert found("dissolve", frames_of(drift(1, 150, speed=1.0), "tiles")) == []


def test_a_ramp_of_the_exposure_is_no_dissolve() -> None:
    sky = drift(1, 120, 0.02, evolve=2000).astype(np.float32)
    gain = np.interp(np.arange(120), [40, 70], [1.0, 0.5])[:, None, None]
    y = np.round(16 + (sky - 16) * gain).astype(np.uint8)
    assert found("dissolve", frames_of(y, "tiles")) == []


def test_a_hard_cut_is_left_to_the_cut_detector() -> None:
    y = np.concatenate([drift(1, 50, 0.1), drift(9, 50, 0.1)])
    assert all(t.interval.length <= 8 for t in found("dissolve", frames_of(y, "tiles")))


def test_too_few_frames_hold_none() -> None:
    assert found("dissolve", frames_of(drift(1, 2), "tiles")) == []
