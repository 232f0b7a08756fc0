"""Mean squared error."""

from __future__ import annotations

from torch import Tensor


def mse01(predicted_bcthw: Tensor, real_bcthw: Tensor) -> Tensor:
    """Mean squared error of each frame, pictures in [0, 1]; (b, t). On [-1, 1] it is four times as much.

    >>> import torch
    >>> mse01(torch.full((1, 3, 1, 2, 2), 0.5), torch.zeros(1, 3, 1, 2, 2)).tolist()
    [[0.25]]
    """
    return (predicted_bcthw.double() - real_bcthw.double()).square().mean(dim=(1, 3, 4))


def mse_pm1(predicted_bcthw: Tensor, real_bcthw: Tensor) -> Tensor:
    """Mean squared error of each frame as on [-1, 1], of pictures in [0, 1]: 4 x `mse01`, exactly; (b, t).

    >>> import torch
    >>> mse_pm1(torch.full((1, 3, 1, 2, 2), 0.5), torch.zeros(1, 3, 1, 2, 2)).tolist()
    [[1.0]]
    """
    return 4 * mse01(predicted_bcthw, real_bcthw)
