"""Scores beside scikit-image and ffmpeg's own filters, over a grid of sizes and contents."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

import av
import numpy as np
import pytest
import torch
from skimage.metrics import peak_signal_noise_ratio, structural_similarity
from torch import Tensor

from skyscene.metrics import mse01, psnr, ssim
from skyscene.metrics.ffmpeg_yuv import psnr_ffmpeg_yuv, ssim_ffmpeg_yuv
from skyscene.metrics.mse import mse_pm1
from skyscene.metrics.skimage7 import ssim_skimage7
from skyscene.metrics.ssim import ssim_luma

SIZES = [(16, 16), (33, 47), (64, 64), (18, 99)]
CONTENTS = ("noise", "near", "gradients", "constant", "identical", "black and white", "saturated")
WANG = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
FUNCTIONS = (mse01, mse_pm1, psnr, ssim, ssim_luma, ssim_skimage7, ssim_ffmpeg_yuv, psnr_ffmpeg_yuv)


def pair(content: str, size: tuple[int, int], frames: int) -> tuple[Tensor, Tensor]:
    """A predicted and a real clip, (1, 3, t, h, w)."""
    shape = (1, 3, frames, *size)
    draw = np.random.default_rng([CONTENTS.index(content), *size, frames])
    noise, down, across = (
        draw.random(shape),
        *np.meshgrid(*(np.linspace(0, 1, n) for n in size), indexing="ij"),
    )
    steps = np.linspace(0.2, 0.6, 3 * frames).reshape(1, 3, frames, 1, 1)
    pairs = {
        "noise": (noise, draw.random(shape)),
        "near": (noise, noise + draw.normal(0, 0.004, shape)),
        "gradients": (steps * down + 0.3 * across, steps * across + 0.25 * down),
        "constant": (steps + 0 * noise, 1 - steps + 0 * noise),
        "identical": (noise, noise),
        "black and white": (0 * noise, 0 * noise + 1),
        "saturated": ((noise > 0.5) * 1.0, (draw.random(shape) > 0.6) * 1.0),
    }
    one, other = (torch.from_numpy(clip.clip(0, 1)).float() for clip in pairs[content])
    return one, other


def pictures(clip_bcthw: Tensor) -> np.ndarray:
    """Frames of one clip, (t, h, w, 3) of float64."""
    return clip_bcthw[0].permute(1, 2, 3, 0).double().numpy()


def by_ffmpeg(name: str, key: str, one: Tensor, other: Tensor) -> list[float]:
    """What a filter writes beside each frame when it is given the RGB pictures, rounded here."""
    both = [np.rint(pictures(clip) * 255).astype(np.uint8) for clip in (one, other)]
    height, width = both[0].shape[1:3]
    tick = Fraction(1, 25)
    graph = av.filter.Graph()
    filter_, sink = graph.add(name), graph.add("buffersink")
    filter_.link_to(sink)
    sources = []
    for at in range(2):
        kind = av.VideoFormat("rgb24")
        sources.append(graph.add_buffer(width=width, height=height, format=kind, time_base=tick))
        chain = [
            sources[-1],
            graph.add("scale", "flags=bicubic+accurate_rnd+bitexact"),
            graph.add("format", "yuv420p"),
        ]
        for before, after in pairwise(chain):
            before.link_to(after)
        chain[-1].link_to(filter_, 0, at)
    graph.configure()
    for source, frames in zip(sources, both, strict=True):
        for at, picture in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = at, tick
            source.push(frame)
        source.push(None)
    return [float(sink.pull().metadata[key]) for _ in both[0]]


@pytest.mark.parametrize("frames", [1, 3])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("content", CONTENTS)
def test_the_same_as_scikit_image(content: str, size: tuple[int, int], frames: int) -> None:
    predicted, real = pair(content, size, frames)
    rows = list(zip(pictures(predicted), pictures(real), strict=True))
    weights = np.array([0.299, 0.587, 0.114])
    expected = {
        ssim: [structural_similarity(*row, channel_axis=2, data_range=1, **WANG) for row in rows],
        ssim_luma: [
            structural_similarity(one @ weights, other @ weights, data_range=1, **WANG) for one, other in rows
        ],
        ssim_skimage7: [structural_similarity(*row, channel_axis=2, data_range=1) for row in rows],
    }
    for function, values in expected.items():
        assert function(predicted, real)[0].tolist() == pytest.approx(values, abs=1e-6)
    with np.errstate(divide="ignore"):
        decibels = [min(peak_signal_noise_ratio(*row, data_range=1), 100) for row in rows]
    assert psnr(predicted, real)[0].tolist() == pytest.approx(decibels, abs=1e-6)


@pytest.mark.parametrize("frames", [1, 3])
@pytest.mark.parametrize("size", [*SIZES, (15, 15), (128, 72)])
@pytest.mark.parametrize("content", CONTENTS)
def test_the_same_as_ffmpegs_filters(content: str, size: tuple[int, int], frames: int) -> None:
    predicted, real = pair(content, size, frames)
    similar = by_ffmpeg("ssim", "lavfi.ssim.All", predicted, real)
    assert ssim_ffmpeg_yuv(predicted, real)[0].tolist() == pytest.approx(similar, abs=1e-6)
    decibels = [min(value, 100) for value in by_ffmpeg("psnr", "lavfi.psnr.psnr_avg", predicted, real)]
    assert psnr_ffmpeg_yuv(predicted, real)[0].tolist() == pytest.approx(
        decibels, abs=5e-6
    )  # written in float32


@pytest.mark.parametrize("size", [(33, 47), (64, 64)])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_batch_length_and_order_change_no_number(
    function: Callable[[Tensor, Tensor], Tensor], size: tuple[int, int]
) -> None:
    torch.manual_seed(3)
    predicted = torch.rand(3, 3, 3, *size)  # 27 pictures, in two parts
    real = (predicted + 0.2 * torch.rand_like(predicted)).clamp(0, 1)
    together = function(predicted, real)
    assert together.shape == (3, 3) and together.dtype == torch.float64
    clips = torch.cat([function(predicted[k : k + 1], real[k : k + 1]) for k in range(3)])
    turned = function(predicted.flip(0, 2), real.flip(0, 2)).flip(0, 1)
    assert torch.equal(together, clips) and torch.equal(together, turned)
    frames = torch.cat([function(predicted[:, :, k : k + 1], real[:, :, k : k + 1]) for k in range(3)], dim=1)
    if function in (mse01, mse_pm1, psnr):  # torch adds the pixels of a single frame in another order
        assert torch.allclose(together, frames, rtol=1e-13, atol=0)
    else:
        assert torch.equal(together, frames)


def test_on_minus_one_to_one_the_error_is_exactly_four_times_as_large() -> None:
    predicted, real = pair("noise", (16, 16), 3)
    assert torch.equal(mse_pm1(predicted, real), 4 * mse01(predicted, real))
    assert torch.allclose(mse_pm1(predicted, real), mse01(2 * predicted - 1, 2 * real - 1))


@pytest.mark.parametrize(("function", "side"), [(ssim_luma, 11), (ssim_skimage7, 7), (ssim_ffmpeg_yuv, 15)])
def test_the_smallest_side(function: Callable[[Tensor, Tensor], Tensor], side: int) -> None:
    clip = torch.rand(1, 3, 1, side, side)
    assert function(clip, clip).item() == pytest.approx(1)
    with pytest.raises(ValueError, match=f"under {side} pixels"):
        function(clip[..., 1:], clip[..., 1:])
