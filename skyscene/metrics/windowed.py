"""Structural similarity over a sliding window, whatever the window."""

from __future__ import annotations

import torch
from torch import Tensor

_C1, _C2 = 0.01**2, 0.03**2
_AT_ONCE = 16  # pictures whose maps stay in the cache


def mean_similarity(one_nhw: Tensor, other_nhw: Tensor, line_k: Tensor, correction: float = 1.0) -> Tensor:
    """Mean similarity (Wang et al. 2004, eq. 13) over the windows that lie in each picture; (n,) of float64.

    Args:
        one_nhw: Pictures of one channel in [0, 1].
        other_nhw: As many others.
        line_k: Weights of the window along a line, float64, sum 1; those of the window are their products.
        correction: What variances and covariance are multiplied by: 1 for a population, m / (m - 1) for a
            sample of m pixels.

    Raises:
        ValueError: A side is shorter than the window.

    >>> black, white = torch.zeros(1, 7, 7), torch.ones(1, 7, 7)
    >>> mean_similarity(black, white, torch.full((7,), 1 / 7, dtype=torch.float64)).round(decimals=6).tolist()
    [0.0001]
    """
    height, width = one_nhw.shape[-2:]
    if min(height, width) < len(line_k):
        raise ValueError(f"frames of {(height, width)} are under {len(line_k)} pixels on a side")
    down, across = (_band(line_k.to(one_nhw.device), side) for side in (height, width))
    room = one_nhw.new_empty((4, min(_AT_ONCE, len(one_nhw)), height, width), dtype=torch.float64)
    parts = [slice(at, at + _AT_ONCE) for at in range(0, len(one_nhw), _AT_ONCE)]
    means = [_similarity(one_nhw[part], other_nhw[part], down, across.T, correction, room) for part in parts]
    return torch.cat(means)


def _similarity(
    one_nhw: Tensor, other_nhw: Tensor, down: Tensor, across: Tensor, correction: float, room: Tensor
) -> Tensor:
    """In place from end to end: new arrays would cost more than what is computed in them."""
    maps = room[:, : len(one_nhw)]
    one, other, squares, product = maps
    one.copy_(one_nhw)
    other.copy_(other_nhw)
    torch.mul(one, one, out=squares).addcmul_(other, other)
    torch.mul(one, other, out=product)
    mean_one, mean_other, variances, covariance = (down @ (maps @ across)).unbind()
    of_means = mean_one * mean_other
    squared_means = mean_one.mul_(mean_one).addcmul_(mean_other, mean_other)
    variances.sub_(squared_means).mul_(correction).add_(_C2)
    covariance.sub_(of_means).mul_(2 * correction).add_(_C2)
    below = squared_means.add_(_C1).mul_(variances)
    return of_means.mul_(2).add_(_C1).mul_(covariance).div_(below).mean(dim=(1, 2))


def _band(line_k: Tensor, side: int) -> Tensor:
    """The line at every place where it lies in a line of the picture, (side - k + 1, side).

    A product with it is several times as fast as a convolution in float64.
    """
    k, device = len(line_k), line_k.device
    offset = torch.arange(side, device=device) - torch.arange(side - k + 1, device=device)[:, None]
    inside = (offset >= 0) & (offset < k)
    return torch.where(inside, line_k[offset.clamp(0, k - 1)], 0.0)
