"""The gradient difference loss that keeps edges sharp (Mathieu et al. 2016, eq. 6; used by RNN-GAN)."""

from __future__ import annotations

from torch import Tensor


def gradient_difference(predicted_nchw: Tensor, real_nchw: Tensor, power: float = 2.0) -> Tensor:
    """Mean of ``| |grad real| - |grad predicted| | ** power`` over both directions; their sum.

    >>> import torch
    >>> step = torch.tensor([[[[0.0, 1.0], [0.0, 1.0]]]])
    >>> gradient_difference(step, torch.zeros(1, 1, 2, 2)).item()
    1.0
    """
    total: Tensor | None = None
    for axis in (-2, -1):
        steps = (predicted_nchw.diff(dim=axis).abs() - real_nchw.diff(dim=axis).abs()).abs()
        part = (steps**power).mean()
        total = part if total is None else total + part
    assert total is not None
    return total
