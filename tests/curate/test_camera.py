from __future__ import annotations

import cv2
import numpy as np
import pytest

from skyscene.records import Interval
from tests.curate.material import cloud, drift, frames_of, judged

H, W, N = 144, 256, 96
WINDOW = Interval(32, 64)


def ground() -> np.ndarray:
    """Sharp, fine random blocks, like houses and trees."""
    rough = np.random.default_rng(3).integers(30, 200, size=(100, 160)).astype(np.float32)
    return cv2.resize(rough, (400, 250), interpolation=cv2.INTER_NEAREST)


def landscape(dx: float = 0.0, zoom: float = 0.0, sky_speed: float = 0.8) -> np.ndarray:
    """Drifting sky over a ground that shifts by ``dx`` a frame and grows by ``zoom`` a frame."""
    y = drift(1, N, sky_speed, H, W)
    land = ground()
    for k in range(N):
        scale = float(np.exp(zoom * k))
        matrix = np.array(
            [[scale, 0, 128 * (1 - scale) + dx * k - 72], [0, scale, 72 * (1 - scale) - 60]], np.float32
        )
        view = cv2.warpAffine(land, matrix, (W, H), flags=cv2.INTER_LINEAR)
        y[k, 80:] = view[80:]
    return y


def verdict(y: np.ndarray):
    return judged("camera", frames_of(y, "camera"), WINDOW)


def test_clouds_over_still_ground_pass() -> None:
    assert verdict(landscape()).passed


@pytest.mark.parametrize("dx", [0.12, 0.5, 2.0])
def test_a_pan_is_rejected(dx: float) -> None:
    seen = verdict(landscape(dx=-dx))
    assert seen.reason is not None and seen.reason.startswith("camera ")


@pytest.mark.parametrize("zoom", [0.001, 0.002, -0.002])
def test_a_slow_zoom_is_rejected(zoom: float) -> None:
    seen = verdict(landscape(zoom=zoom))
    assert seen.reason is not None and "zooms" in seen.reason


def test_a_slow_zoom_into_sky_alone_is_rejected() -> None:
    still = cloud(4, H, W, grain=3.0)
    y = []
    for k in range(N):
        scale = float(np.exp(0.002 * k))
        matrix = np.array([[scale, 0, 128 * (1 - scale)], [0, scale, 72 * (1 - scale)]], np.float32)
        y.append(cv2.warpAffine(still, matrix, (W, H), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT))
    seen = verdict(np.round(y).astype(np.uint8))
    assert seen.reason is not None and "zooms" in seen.reason


def test_clouds_that_converge_at_the_horizon_pass() -> None:
    """A layer of cloud in perspective, moving away from the viewer; no ground in sight."""
    layer = cloud(5, 900, 900, grain=5.0)
    rows = np.arange(H, dtype=np.float32)[:, None]
    depth = 4000.0 / (H + 30 - rows)
    haze = (rows / H) ** 2
    y = []
    for k in range(N):
        x = 450 + (np.arange(W, dtype=np.float32)[None] - W / 2) * depth / 120
        z = 60 + depth + 0.6 * k + np.zeros_like(x)
        view = cv2.remap(layer, x.astype(np.float32), z.astype(np.float32), cv2.INTER_LINEAR)
        y.append(view * (1 - haze) + 150 * haze)
    assert verdict(np.round(y).astype(np.uint8)).passed


def test_flat_frames_pass_without_a_measurement() -> None:
    seen = verdict(np.full((N, H, W), 90, np.uint8))
    assert seen.passed and seen.score == 0


def test_motion_is_measured_in_widths_of_the_picture() -> None:
    frames = frames_of(landscape(dx=-1.0), "camera")
    assert np.nanmedian(frames["camera_tx"]) * W == pytest.approx(-8.0, abs=0.1)
    frames = frames_of(landscape(zoom=0.002), "camera")
    assert np.nanmedian(frames["camera_scale"]) == pytest.approx(0.016, abs=0.001)
