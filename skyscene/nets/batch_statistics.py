"""Batch norm at drawing as the published MD-GAN has it: by the clips that are drawn together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn

_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)


@contextmanager
def batch_statistics(*networks: nn.Module) -> Iterator[None]:
    """Meanwhile, batch norms in `eval` mode take the statistics of what they are given; their own stay.

    Args:
        networks: Theirs.
    """
    norms = [module for network in networks for module in network.modules() if isinstance(module, _NORMS)]
    kept = [(norm.running_mean, norm.running_var) for norm in norms]
    for norm in norms:
        norm.running_mean = norm.running_var = None
    try:
        yield
    finally:
        for norm, (mean, var) in zip(norms, kept, strict=True):
            norm.running_mean, norm.running_var = mean, var
