from __future__ import annotations

import numpy as np

from skyscene.records import Interval
from tests.curate.material import frames_of, judged

WINDOW = Interval(0, 32)


def night(noise: float = 0.0) -> np.ndarray:
    y = np.full((32, 72, 128), 17.0)
    y += np.random.default_rng(0).normal(size=y.shape) * noise
    return np.clip(np.round(y), 16, 235).astype(np.uint8)


def test_black_is_rejected_with_a_reason() -> None:
    verdict = judged("dark", frames_of(night(1.0), "luma"), WINDOW)
    assert verdict.reason == "nothing visible in 100 % of the frames (10 % allowed)"


def test_stars_on_black_pass() -> None:
    y = night()
    spots = np.random.default_rng(1).integers(0, (72, 128), size=(40, 2))
    y[:, spots[:, 0], spots[:, 1]] = 90
    assert judged("dark", frames_of(y, "luma"), WINDOW).passed


def test_a_grey_night_passes() -> None:
    assert judged("dark", frames_of(night() + 30, "luma"), WINDOW).passed


def test_a_few_black_frames_are_borne_and_many_are_not() -> None:
    y = night() + 60
    y[:3] = 16
    assert judged("dark", frames_of(y, "luma"), WINDOW).passed
    y[:5] = 16
    assert not judged("dark", frames_of(y, "luma"), WINDOW).passed
