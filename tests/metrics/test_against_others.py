"""Scores beside the same scores by independent code, over a grid of pictures."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from skimage.metrics import mean_squared_error, peak_signal_noise_ratio, structural_similarity

from skyscene.bench.backbones import load_networks
from skyscene.errors import MetricError, RecipeError
from skyscene.metrics import METRICS, Clips, Meter, Networks, metric, mse01, psnr, ssim

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


@pytest.fixture(scope="module")
def networks() -> dict[str, torch.nn.Module]:
    """The networks whose weights are here."""
    return load_networks(list(METRICS.values()), torch.device("cpu"))[0]


def number(name: str, pairs: list[tuple[torch.Tensor, torch.Tensor]], networks: Networks) -> float:
    """The number of batches of predicted and real clips."""
    found = metric(name)
    if not set(found.needs) <= set(networks):
        pytest.skip(f"{found.needs} are not here: `bench weights get`")
    meter = Meter(found, networks, frames=(1, 12))
    for predicted, real in pairs:
        meter.update(predicted, real)
    return meter.compute()


CLIPS = torch.rand(3, 3, 12, 32, 32, generator=torch.Generator().manual_seed(1))
OTHERS = (CLIPS + 0.1 * torch.rand(CLIPS.shape, generator=torch.Generator().manual_seed(2))).clamp(0, 1)


@pytest.mark.parametrize("name", METRICS)
def test_batch_and_order_change_no_number(name: str, networks: dict[str, torch.nn.Module]) -> None:
    together = number(name, [(CLIPS, OTHERS)], networks)
    alone = number(name, [(CLIPS[k : k + 1], OTHERS[k : k + 1]) for k in (2, 0, 1)], networks)
    assert together == pytest.approx(alone, rel=1e-6 if metric(name).needs else 1e-12)


@pytest.mark.parametrize("name", METRICS)
def test_equal_clips_have_the_best_score_and_it_is_finite(
    name: str, networks: dict[str, torch.nn.Module]
) -> None:
    best = number(name, [(CLIPS, CLIPS)], networks)
    worse = number(name, [(CLIPS, OTHERS.flip(2))], networks)
    assert math.isfinite(best)
    if name.startswith("static"):
        pytest.skip("what the truth itself changes is not nothing")
    if metric(name).goal == "one":
        assert best == pytest.approx(1) and worse != pytest.approx(1, abs=1e-3)
    else:
        assert best > worse if metric(name).goal == "higher" else best < worse


def test_a_still_prediction_does_not_move_and_changes_nothing_where_nothing_moves() -> None:
    still = CLIPS[:, :, :1].expand_as(CLIPS)
    assert number("motion/dis-medium", [(still, CLIPS)], {}) == 0
    assert number("static/dis-medium", [(still, still)], {}) == 0
    flashing = (torch.arange(12.0) % 2).view(12, 1, 1).expand_as(CLIPS)
    assert math.isnan(number("static/dis-medium", [(still, flashing)], {})), "nothing stands still"


def test_the_flow_of_a_copied_first_frame_errs_by_the_flow_of_the_truth() -> None:
    still = CLIPS[:, :, :1].expand_as(CLIPS)
    flows = np.stack(Clips(CLIPS).flows("dis-medium"))
    expected = float((flows.astype(np.float64) ** 2).mean())
    assert number("flowmse/dis-medium", [(still, CLIPS)], {}) == pytest.approx(expected, rel=1e-9)


def test_on_minus_one_to_one_the_error_is_four_times_as_large() -> None:
    assert number("mse_pm1", [(CLIPS, OTHERS)], {}) == 4 * number("mse01", [(CLIPS, OTHERS)], {})


def test_the_pooled_ratio_is_that_of_the_pooled_error() -> None:
    pooled, mse = (number(name, [(CLIPS, OTHERS)], {}) for name in ("psnr/pooled", "mse01"))
    assert pooled == pytest.approx(-10 * math.log10(mse)) and pooled < number("psnr", [(CLIPS, OTHERS)], {})


NAN = CLIPS.clone()
NAN[1, 0, 3, 2, 2] = float("nan")


@pytest.mark.parametrize(
    ("predicted", "real", "says"),
    [
        (CLIPS, CLIPS[:, :, :5], r"predictions are \(3, 3, 12, 32, 32\), real clips \(3, 3, 5, 32, 32\)"),
        (CLIPS[0], CLIPS[0], r"have to be \(batch, 3, frames, height, width\)"),
        (CLIPS.transpose(1, 2), CLIPS, r"have to be \(batch, 3, frames, height, width\)"),
        (CLIPS * 2 - 1, CLIPS, r"predictions reach from -.* to .*, \[0, 1\] is wanted"),
        (CLIPS, CLIPS * 255, "real clips reach from"),
        (NAN, CLIPS, "predictions hold what is no number"),
        (CLIPS, NAN / 0, "real clips hold what is no number"),
        ((CLIPS * 255).long(), CLIPS, "float in"),
        (CLIPS[:0], CLIPS[:0], "have to be"),
    ],
)
def test_clips_that_cannot_be_scored_are_refused(
    predicted: torch.Tensor, real: torch.Tensor, says: str
) -> None:
    with pytest.raises(MetricError, match=says):
        Meter(metric("mse01")).update(predicted, real)


@pytest.mark.parametrize(
    ("name", "side"), [("ssim", 10), ("ssim/skimage7", 6), ("ssim/ffmpeg-yuv", 14), ("motion/dis-medium", 15)]
)
def test_clips_too_small_for_a_metric_are_refused(name: str, side: int) -> None:
    small = CLIPS[..., :side, :side]
    with pytest.raises(MetricError, match=f"{name}: .*under"):
        number(name, [(small, small)], {})


def test_a_set_of_one_is_no_set(networks: dict[str, torch.nn.Module]) -> None:
    with pytest.raises(MetricError, match="at least two clips"):
        number("fvd", [(CLIPS[:1], OTHERS[:1])], networks)


def test_unknown_metrics_and_those_of_ones_own() -> None:
    with pytest.raises(RecipeError, match="did you mean lpips/alex"):
        metric("lpips/alx")
    with pytest.raises(RecipeError, match="is no FrameMetric"):
        metric("math:sqrt")
    assert metric("tests.metrics.brightness:BRIGHTNESS").goal == "lower"
