"""Distances between two sets of features: Frechet, which FVD is, and the kernel distance, which KVD is."""

from __future__ import annotations

import torch
from torch import Tensor


def frechet_distance(one_nk: Tensor, other_mk: Tensor) -> float:
    """Squared Frechet distance of the Gaussians that two sets of features have (Heusel et al. 2017, eq. 6).

    The trace of the root of the product of the covariances is the nuclear norm of the product of the centred
    sets: exact also where there are fewer clips than features, and no root of a matrix is taken.

    Args:
        one_nk: Features of n clips, n > 1.
        other_mk: Features of m others, m > 1.

    Raises:
        ValueError: A set has under two clips, or a feature is no number.

    >>> still = torch.zeros(4, 3, dtype=torch.float64)
    >>> frechet_distance(still, still + 2.0)
    12.0
    """
    one, other = _checked(one_nk), _checked(other_mk)
    means = (one.mean(dim=0) - other.mean(dim=0)).square().sum()
    one, other = ((x - x.mean(dim=0)) / (len(x) - 1) ** 0.5 for x in (one, other))
    root = torch.linalg.svdvals(one @ other.T).sum()
    return float(means + one.square().sum() + other.square().sum() - 2 * root)


def kernel_distance(one_nk: Tensor, other_mk: Tensor) -> float:
    """Unbiased squared maximum mean discrepancy with the kernel (x . y / k + 1)^3 (Binkowski et al. 2018).

    It can be negative: its mean is right whatever the number of clips.

    Args:
        one_nk: Features of n clips, n > 1.
        other_mk: Features of m others, m > 1.

    Raises:
        ValueError: A set has under two clips, or a feature is no number.
    """
    one, other = _checked(one_nk), _checked(other_mk)
    within = sum(_off_diagonal(_kernel(x, x)) for x in (one, other))
    return float(within - 2 * _kernel(one, other).mean())


def _kernel(one_nk: Tensor, other_mk: Tensor) -> Tensor:
    return (one_nk @ other_mk.T / one_nk.shape[1] + 1) ** 3


def _off_diagonal(kernel_nn: Tensor) -> Tensor:
    n = len(kernel_nn)
    return (kernel_nn.sum() - kernel_nn.diagonal().sum()) / (n * (n - 1))


def _checked(features_nk: Tensor) -> Tensor:
    if features_nk.ndim != 2 or len(features_nk) < 2:
        raise ValueError(f"features of at least two clips are needed, (n, k), not {tuple(features_nk.shape)}")
    if not features_nk.isfinite().all():
        raise ValueError("a feature is no number")
    return features_nk.double()
