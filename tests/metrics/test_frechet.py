"""Distances between feature sets against closed forms and other ways to the same number."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.linalg import sqrtm
from torch import Tensor

from skyscene.metrics.frechet import frechet_distance, kernel_distance


def features(count: int, size: int, seed: int, spread: float = 1.0) -> Tensor:
    return torch.from_numpy(np.random.default_rng(seed).normal(0.3 * seed, spread, (count, size)))


def test_against_the_root_of_the_product_where_it_has_full_rank() -> None:
    one, other = features(500, 20, 1), features(400, 20, 2, 1.7)
    covariances = [np.cov(x.numpy(), rowvar=False) for x in (one, other)]
    gap = (one.mean(dim=0) - other.mean(dim=0)).square().sum()
    root = sqrtm(covariances[0] @ covariances[1]).real
    expected = float(gap) + np.trace(covariances[0] + covariances[1] - 2 * root)
    assert frechet_distance(one, other) == pytest.approx(expected, rel=1e-9)


def test_with_fewer_clips_than_features() -> None:
    """The product of the covariances has the squared singular values of one set on the other, and zeros."""
    one, other = features(48, 400, 1), features(40, 400, 2)
    covariances = [np.cov(x.numpy(), rowvar=False) for x in (one, other)]
    eigen = np.linalg.eigvals(covariances[0] @ covariances[1])
    roots = np.sqrt(np.clip(eigen.real, 0, None)).sum()
    gap = float((one.mean(dim=0) - other.mean(dim=0)).square().sum())
    expected = gap + np.trace(covariances[0]) + np.trace(covariances[1]) - 2 * roots
    assert frechet_distance(one, other) == pytest.approx(expected, rel=1e-5)
    assert frechet_distance(one, one) == pytest.approx(0, abs=1e-9)


def test_kernel_distance_by_its_sums() -> None:
    one, other = features(5, 3, 1), features(4, 3, 2)

    def kernel(x: Tensor, y: Tensor) -> float:
        return float((x @ y / 3 + 1) ** 3)

    within = [
        sum(kernel(x[i], x[j]) for i in range(len(x)) for j in range(len(x)) if i != j)
        / (len(x) * (len(x) - 1))
        for x in (one, other)
    ]
    across = sum(kernel(x, y) for x in one for y in other) / 20
    assert kernel_distance(one, other) == pytest.approx(sum(within) - 2 * across, rel=1e-12)


def test_kernel_distance_is_zero_in_the_mean_between_sets_of_one_kind() -> None:
    found = [
        kernel_distance(features(40, 8, 3)[torch.randperm(40)], torch.from_numpy(other))
        for other in np.random.default_rng(9).normal(0.9, 1.0, (200, 40, 8))
    ]
    assert min(found) < 0 < max(found)


@pytest.mark.parametrize("distance", [frechet_distance, kernel_distance])
def test_what_has_no_distance(distance: object) -> None:
    assert callable(distance)
    with pytest.raises(ValueError, match="at least two clips"):
        distance(features(1, 4, 0), features(3, 4, 0))
    with pytest.raises(ValueError, match="is no number"):
        distance(features(3, 4, 0) / 0, features(3, 4, 0))
