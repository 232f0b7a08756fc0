"""Peak signal-to-noise ratio."""

from __future__ import annotations

from torch import Tensor

from skyscene.metrics.mse import mse01

FLOOR = 1e-10
"""Of the squared error: equal frames have 100 dB, not infinitely many."""


def psnr(predicted_bcthw: Tensor, real_bcthw: Tensor) -> Tensor:
    """Peak signal-to-noise ratio of each frame in dB, peak 1, over all channels at once; (b, t).

    >>> import torch
    >>> psnr(torch.full((1, 3, 1, 2, 2), 0.1), torch.zeros(1, 3, 1, 2, 2)).round(decimals=4).tolist()
    [[20.0]]
    """
    return -10 * mse01(predicted_bcthw, real_bcthw).clamp_min(FLOOR).log10()
