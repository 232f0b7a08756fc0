"""Structural similarity as scikit-image has it by default."""

from __future__ import annotations

import torch
from torch import Tensor

from skyscene.metrics.windowed import mean_similarity

_SIDE = 7
_PIXELS = _SIDE * _SIDE


def ssim_skimage7(predicted_bcthw: Tensor, real_bcthw: Tensor) -> Tensor:
    """Structural similarity of each frame, pictures in [0, 1], by the defaults of scikit-image; (b, t).

    What `skimage.metrics.structural_similarity(..., channel_axis=..., data_range=1)` gives: a uniform window
    of 7 x 7, sample covariance (variances times 49 / 48), no window that leaves the picture (a border of 3 is
    cut off), each RGB channel by itself, then their mean.

    Raises:
        ValueError: A side is under 7 pixels.

    >>> black, white = torch.zeros(1, 3, 1, 8, 8), torch.ones(1, 3, 1, 8, 8)
    >>> ssim_skimage7(black, white).round(decimals=6).tolist()
    [[0.0001]]
    """
    batch, channels, frames, height, width = predicted_bcthw.shape
    one_nhw, other_nhw = (
        clip.transpose(1, 2).reshape(-1, height, width) for clip in (predicted_bcthw, real_bcthw)
    )
    line = torch.full((_SIDE,), 1 / _SIDE, dtype=torch.float64)
    means = mean_similarity(one_nhw, other_nhw, line, correction=_PIXELS / (_PIXELS - 1))
    return means.view(batch, frames, channels).mean(dim=2)
