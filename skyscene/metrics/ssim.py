"""Structural similarity (Wang, Bovik, Sheikh, Simoncelli 2004)."""

from __future__ import annotations

import torch
from torch import Tensor

from skyscene.metrics.bt601 import luma01
from skyscene.metrics.windowed import mean_similarity

_SIDE, _SIGMA = 11, 1.5


def ssim(predicted_bcthw: Tensor, real_bcthw: Tensor) -> Tensor:
    """Structural similarity of each frame, pictures in [0, 1]; (b, t).

    Gaussian window of 11 x 11, sigma 1.5; population covariance; only windows that lie in the picture; each
    RGB channel by itself, then their mean.

    Raises:
        ValueError: A side is under 11 pixels.

    >>> picture = torch.rand(1, 3, 1, 16, 16)
    >>> ssim(picture, picture).tolist()
    [[1.0]]
    """
    batch, channels, frames, height, width = predicted_bcthw.shape
    one_nhw, other_nhw = (
        clip.transpose(1, 2).reshape(-1, height, width) for clip in (predicted_bcthw, real_bcthw)
    )
    return mean_similarity(one_nhw, other_nhw, _gauss()).view(batch, frames, channels).mean(dim=2)


def ssim_luma(predicted_bcthw: Tensor, real_bcthw: Tensor) -> Tensor:
    """Structural similarity of the luma of each frame, RGB pictures in [0, 1]; (b, t).

    As `ssim`, but on BT.601 luma (`luma01`, not rounded) in place of the three channels.

    Raises:
        ValueError: A side is under 11 pixels.

    >>> black, white = torch.zeros(1, 3, 1, 16, 16), torch.ones(1, 3, 1, 16, 16)
    >>> ssim_luma(black, white).round(decimals=6).tolist()
    [[0.0001]]
    """
    one_bthw, other_bthw = luma01(predicted_bcthw), luma01(real_bcthw)
    return mean_similarity(one_bthw.flatten(0, 1), other_bthw.flatten(0, 1), _gauss()).view(
        one_bthw.shape[:2]
    )


def _gauss() -> Tensor:
    at = torch.arange(_SIDE, dtype=torch.float64) - _SIDE // 2
    line = torch.exp(-(at**2) / (2 * _SIGMA**2))
    return line / line.sum()
