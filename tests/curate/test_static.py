from __future__ import annotations

import numpy as np

from skyscene.records import Interval
from tests.curate.material import drift, frames_of, judged

WINDOW = Interval(0, 32)


def test_drifting_clouds_pass() -> None:
    assert judged("static", frames_of(drift(1, 32), "change"), WINDOW).passed


def test_a_still_photo_with_noise_is_rejected() -> None:
    still = np.repeat(drift(1, 1), 32, axis=0).astype(np.float32)
    still += np.random.default_rng(0).normal(size=still.shape) * 0.5
    verdict = judged("static", frames_of(np.round(still).astype(np.uint8), "change"), WINDOW)
    assert verdict.reason is not None and verdict.reason.startswith("nothing moves")


def test_a_still_photo_that_brightens_is_rejected() -> None:
    still = np.repeat(drift(1, 1), 32, axis=0)
    assert not judged(
        "static", frames_of(still + np.arange(32, dtype=np.uint8)[:, None, None], "change"), WINDOW
    ).passed


def test_held_frames_are_rejected() -> None:
    held = np.repeat(drift(1, 8, speed=3.0), 4, axis=0)
    verdict = judged("static", frames_of(held, "change"), WINDOW)
    assert verdict.reason is not None and verdict.reason.endswith(
        "of the frames repeat the one before (70 % allowed)"
    )


def test_a_cadence_with_every_second_frame_held_passes() -> None:
    assert judged("static", frames_of(np.repeat(drift(1, 16), 2, axis=0), "change"), WINDOW).passed


def test_stars_that_move_pass() -> None:
    y = np.full((32, 72, 128), 20, np.uint8)
    spots = np.random.default_rng(1).integers(4, (68, 90), size=(80, 2))
    for k in range(32):
        y[k, spots[:, 0], spots[:, 1] + k // 2] = 120
    assert judged("static", frames_of(y, "change"), WINDOW).passed
