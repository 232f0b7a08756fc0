"""Scores beside the same scores by independent code, over a grid of pictures."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from skimage.metrics import mean_squared_error, peak_signal_noise_ratio, structural_similarity

from skyscene.metrics import METRICS, metric, mse01, psnr, ssim

RNG = np.random.default_rng(7)


def smooth(side: int) -> np.ndarray:
    at = np.linspace(0, 3, side)
    return np.stack([0.5 + 0.4 * np.sin(at[:, None] * k + at[None] * 2) for k in (1, 2, 3)], axis=-1)


PAIRS = {
    "noise": (RNG.random((16, 16, 3)), RNG.random((16, 16, 3))),
    "smooth": (smooth(64), np.clip(smooth(64) + 0.05, 0, 1)),
    "a little noise": (smooth(48), np.clip(smooth(48) + RNG.normal(0, 0.02, (48, 48, 3)), 0, 1)),
    "flat": (np.full((32, 32, 3), 0.5), np.full((32, 32, 3), 0.6)),
    "black and white": (np.zeros((32, 32, 3)), np.ones((32, 32, 3))),
    "not square": (RNG.random((20, 33, 3)), RNG.random((20, 33, 3))),
    "nearly equal": (smooth(64), smooth(64) + 1e-4),
}


def clip(picture_hwc: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(picture_hwc).float().permute(2, 0, 1)[None, :, None]


@pytest.mark.parametrize("name", PAIRS)
def test_the_same_as_scikit_image(name: str) -> None:
    one, other = (picture.astype(np.float32).astype(np.float64) for picture in PAIRS[name])
    predicted, real = clip(one), clip(other)
    similar = structural_similarity(
        one,
        other,
        channel_axis=2,
        data_range=1.0,
        gaussian_weights=True,
        sigma=1.5,
        use_sample_covariance=False,
    )
    assert float(ssim(predicted, real)) == pytest.approx(similar, abs=1e-6)
    assert float(mse01(predicted, real)) == pytest.approx(mean_squared_error(one, other), rel=1e-6)
    assert float(psnr(predicted, real)) == pytest.approx(
        peak_signal_noise_ratio(one, other, data_range=1.0), abs=1e-4
    )


@pytest.mark.parametrize("name", METRICS)
def test_batch_and_order_change_no_number(name: str) -> None:
    predicted, real = torch.rand(5, 3, 4, 24, 24), torch.rand(5, 3, 4, 24, 24)
    together = metric(name)(predicted, real)
    assert together.shape == (5, 4) and together.dtype == torch.float64
    alone = torch.cat([metric(name)(predicted[k : k + 1], real[k : k + 1]) for k in range(5)])
    turned = metric(name)(predicted.flip(0), real.flip(0)).flip(0)
    assert torch.equal(together, alone) and torch.equal(together, turned)


@pytest.mark.parametrize("name", METRICS)
def test_equal_clips_have_the_best_score_and_it_is_finite(name: str) -> None:
    clips = torch.rand(1, 3, 2, 16, 16)
    best = metric(name)(clips, clips)
    assert best.isfinite().all()
    worse = metric(name)(clips, (clips + 0.1).clamp(0, 1))
    assert ((best > worse) if metric(name).higher_is_better else (best < worse)).all()


def test_on_minus_one_to_one_the_error_is_four_times_as_large() -> None:
    predicted, real = torch.rand(1, 3, 2, 8, 8), torch.rand(1, 3, 2, 8, 8)
    wide = mse01(2 * predicted - 1, 2 * real - 1)
    assert torch.allclose(wide, 4 * mse01(predicted, real))


def test_clips_of_other_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="beside"):
        metric("mse01")(torch.rand(1, 3, 2, 8, 8), torch.rand(1, 3, 3, 8, 8))
    with pytest.raises(ValueError, match="under 11 pixels"):
        ssim(torch.rand(1, 3, 1, 8, 8), torch.rand(1, 3, 1, 8, 8))
