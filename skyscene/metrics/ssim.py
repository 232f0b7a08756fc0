"""Structural similarity (Wang, Bovik, Sheikh, Simoncelli 2004)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

_SIDE, _SIGMA = 11, 1.5
_C1, _C2 = 0.01**2, 0.03**2


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
    if min(predicted_bcthw.shape[-2:]) < _SIDE:
        raise ValueError(f"frames of {tuple(predicted_bcthw.shape[-2:])} are under {_SIDE} pixels on a side")
    batch, channels, frames = predicted_bcthw.shape[:3]
    one, other = (
        clip.double().transpose(1, 2).flatten(0, 2).unsqueeze(1) for clip in (predicted_bcthw, real_bcthw)
    )
    maps = torch.cat([one, other, one * one, other * other, one * other], dim=1)
    mean_one, mean_other, one_one, other_other, both = _blurred(maps).unbind(dim=1)
    variances = one_one - mean_one**2 + other_other - mean_other**2
    covariance = both - mean_one * mean_other
    luminance = (2 * mean_one * mean_other + _C1) / (mean_one**2 + mean_other**2 + _C1)
    structure = (2 * covariance + _C2) / (variances + _C2)
    return (luminance * structure).mean(dim=(1, 2)).view(batch, frames, channels).mean(dim=2)


def _blurred(maps_nkhw: Tensor) -> Tensor:
    """Each map under the window, valid part only."""
    count = maps_nkhw.shape[1]
    at = torch.arange(_SIDE, dtype=maps_nkhw.dtype, device=maps_nkhw.device) - _SIDE // 2
    line = torch.exp(-(at**2) / (2 * _SIGMA**2))
    line = (line / line.sum()).expand(count, 1, 1, -1)
    return F.conv2d(F.conv2d(maps_nkhw, line, groups=count), line.transpose(2, 3), groups=count)
