"""Scores as ffmpeg's filters give them for video of 8 bit YUV 4:2:0."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from skyscene.media import to_yuv420
from skyscene.metrics.levels import levels
from skyscene.metrics.psnr import FLOOR

_PEAK, _SMALLEST = 255, 15
_C1 = int(0.01**2 * 255**2 * 64 + 0.5)
_C2 = int(0.03**2 * 255**2 * 64 * 63 + 0.5)

Plane = npt.NDArray[np.uint8]
Values = npt.NDArray[np.float64]


def ssim_ffmpeg_yuv(predicted_bcthw: Tensor, real_bcthw: Tensor) -> Tensor:
    """Structural similarity of each frame, "All" of ffmpeg's filter `ssim`, RGB pictures in [0, 1]; (b, t).

    Frames are rounded to 256 levels and made yuv420p by `to_yuv420`. In each plane: windows of 8 x 8 every 4
    samples, from the top left corner, all samples alike, sums in whole numbers; sample covariance, but the
    filter's constants; the mean of the windows. The planes are weighted by their number of samples.

    Raises:
        ValueError: A side is under 15 pixels, so that no window lies in its chroma, or a value is no number.

    >>> black, white = torch.zeros(1, 3, 1, 16, 16), torch.ones(1, 3, 1, 16, 16)
    >>> ssim_ffmpeg_yuv(black, white).round(decimals=4).tolist()
    [[0.4237]]
    """
    if min(predicted_bcthw.shape[-2:]) < _SMALLEST:
        raise ValueError(
            f"frames of {tuple(predicted_bcthw.shape[-2:])} are under {_SMALLEST} pixels on a side"
        )
    return _over_planes(_plane_ssim, predicted_bcthw, real_bcthw)


def psnr_ffmpeg_yuv(predicted_bcthw: Tensor, real_bcthw: Tensor) -> Tensor:
    """Peak signal-to-noise ratio of each frame in dB, "psnr_avg" of ffmpeg's filter `psnr`; (b, t).

    RGB pictures in [0, 1] are rounded to 256 levels and made yuv420p by `to_yuv420`. Squared errors of all
    samples of all planes, their mean; the peak is 255, though luma ends at 235. Equal frames, of which the
    filter says "inf", have 100 dB.

    Raises:
        ValueError: A value is no number.

    >>> black, white = torch.zeros(1, 3, 1, 16, 16), torch.ones(1, 3, 1, 16, 16)
    >>> psnr_ffmpeg_yuv(black, white).round(decimals=4).tolist()
    [[3.0828]]
    """
    mse = _over_planes(_plane_mse, predicted_bcthw, real_bcthw) / _PEAK**2
    return -10 * mse.clamp_min(FLOOR).log10()


def _over_planes(
    score: Callable[[Plane, Plane], Values], predicted_bcthw: Tensor, real_bcthw: Tensor
) -> Tensor:
    """The mean of the scores of a frame's planes, each by its number of samples, (b, t)."""
    both = [to_yuv420(_rgb(clip)) for clip in (predicted_bcthw, real_bcthw)]
    samples = [one[0].size for one in both[0]]
    scores = [score(one, other) for one, other in zip(*both, strict=True)]
    mean_n = sum(k * n for k, n in zip(scores, samples, strict=True)) / sum(samples)
    batch, _, frames = predicted_bcthw.shape[:3]
    return torch.from_numpy(mean_n).view(batch, frames).to(predicted_bcthw.device)


def _rgb(clip_bcthw: Tensor) -> Plane:
    """Frames of a batch, (b * t, h, w, 3)."""
    return levels(clip_bcthw.permute(0, 2, 3, 4, 1).flatten(0, 1))


def _plane_mse(one_nhw: Plane, other_nhw: Plane) -> Values:
    difference = one_nhw.astype(np.int32) - other_nhw
    return _frame_means(difference * difference)


def _plane_ssim(one_nhw: Plane, other_nhw: Plane) -> Values:
    one, other = one_nhw.astype(np.int32), other_nhw.astype(np.int32)
    sums = (_window_sums(maps) for maps in (one, other, one * one + other * other, one * other))
    sum_one, sum_other, squares, product = (s.astype(np.int64) for s in sums)
    of_sums, squared_sums = sum_one * sum_other, sum_one**2 + sum_other**2
    luminance = (2 * of_sums + _C1) / (squared_sums + _C1)
    structure = (2 * (64 * product - of_sums) + _C2) / (64 * squares - squared_sums + _C2)
    return _frame_means(luminance * structure)


def _frame_means(maps_nhw: npt.NDArray[Any]) -> Values:
    return np.asarray(maps_nhw.reshape(len(maps_nhw), -1).mean(axis=1), np.float64)


def _window_sums(maps_nhw: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """Sums over windows of 8 x 8 every 4 samples; what is left of a side after the last four is left out."""
    height, width = (side // 4 * 4 for side in maps_nhw.shape[1:])
    rows = reduce(np.add, (maps_nhw[:, at:height:4, :width] for at in range(4)))
    blocks = reduce(np.add, (rows[:, :, at::4] for at in range(4)))
    pairs = blocks[:, 1:] + blocks[:, :-1]
    return np.asarray(pairs[:, :, 1:] + pairs[:, :, :-1])
