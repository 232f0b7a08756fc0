"""Structural similarity (Wang, Bovik, Sheikh, Simoncelli 2004)."""

from __future__ import annotations

import torch
from torch import Tensor

_SIDE, _SIGMA = 11, 1.5
_C1, _C2 = 0.01**2, 0.03**2
_AT_ONCE = 24  # pictures whose maps stay in the cache


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
    batch, channels, frames, height, width = predicted_bcthw.shape
    down, across = (_window(side, predicted_bcthw.device) for side in (height, width))
    one_nhw, other_nhw = (
        clip.transpose(1, 2).reshape(-1, height, width) for clip in (predicted_bcthw, real_bcthw)
    )
    parts = [slice(at, at + _AT_ONCE) for at in range(0, len(one_nhw), _AT_ONCE)]
    means = [_similarity(one_nhw[part], other_nhw[part], down, across) for part in parts]
    return torch.cat(means).view(batch, frames, channels).mean(dim=2)


def _similarity(one_nhw: Tensor, other_nhw: Tensor, down: Tensor, across: Tensor) -> Tensor:
    """Mean over the windows of each picture, (n,)."""
    one, other = one_nhw.double(), other_nhw.double()
    maps = torch.stack([one, other, one * one + other * other, one * other])
    mean_one, mean_other, squares, product = (down @ (maps @ across.T)).unbind()
    of_means, squared_means = mean_one * mean_other, mean_one**2 + mean_other**2
    luminance = (2 * of_means + _C1) / (squared_means + _C1)
    structure = (2 * (product - of_means) + _C2) / (squares - squared_means + _C2)
    return (luminance * structure).mean(dim=(1, 2))


def _window(side: int, device: torch.device) -> Tensor:
    """The Gaussian at every place where it lies in a line of the picture, (side - 10, side).

    A product with it is several times as fast as a convolution in float64.
    """
    at = torch.arange(_SIDE, dtype=torch.float64, device=device) - _SIDE // 2
    line = torch.exp(-(at**2) / (2 * _SIGMA**2))
    line = line / line.sum()
    offset = torch.arange(side, device=device) - torch.arange(side - _SIDE + 1, device=device)[:, None]
    inside = (offset >= 0) & (offset < _SIDE)
    return torch.where(inside, line[offset.clamp(0, _SIDE - 1)], 0.0)
