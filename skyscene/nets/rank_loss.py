"""MD-GAN's ranking loss on Gram matrices of the discriminator's features (section 3.3, eq. 4-6)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor


def gram(feature_bcthw: Tensor) -> Tensor:
    """Gram matrix of each sample over channels and time (eq. 4, a sample at a time as in algorithm 1).

    Returns:
        (b, c t, c t), H H^T / (M S) with H of M = c t rows and S = h w columns; in float32, because
        half precision has too few digits for its differences.

    >>> gram(torch.ones(1, 2, 1, 1, 3)).tolist()
    [[[0.5, 0.5], [0.5, 0.5]]]
    """
    rows_bms = feature_bcthw.float().flatten(3).flatten(1, 2)
    _, rows, columns = rows_bms.shape
    with torch.autocast(feature_bcthw.device.type, enabled=False):
        return rows_bms @ rows_bms.transpose(1, 2) / (rows * columns)


def gram_distance(one_bmm: Tensor, other_bmm: Tensor) -> Tensor:
    """Sum of the absolute differences of each sample; (b,). A mean would leave no gradient to speak of."""
    return (one_bmm - other_bmm).abs().sum(dim=(1, 2))


def rank_loss(refined: Sequence[Tensor], real: Sequence[Tensor], base: Sequence[Tensor]) -> Tensor:
    """How much nearer the refined clip's motion is to the base clip's than to the real one's (eq. 5, 6).

    For a layer, -log(exp(-d(Y2, Y)) / (exp(-d(Y2, Y)) + exp(-d(Y2, Y1)))) is softplus(d(Y2, Y) - d(Y2, Y1)),
    which stays finite where the exponentials do not.

    Args:
        refined: Features of Y2, layer by layer.
        real: Features of Y.
        base: Features of Y1.

    Returns:
        Summed over the layers, averaged over the samples; log 2 a layer where all three are the same.

    >>> same = [torch.zeros(1, 1, 1, 1, 1)]
    >>> round(rank_loss(same, same, same).item(), 4)
    0.6931
    """
    layers = []
    for refined_bcthw, real_bcthw, base_bcthw in zip(refined, real, base, strict=True):
        gram_refined = gram(refined_bcthw)
        to_real = gram_distance(gram_refined, gram(real_bcthw))
        to_base = gram_distance(gram_refined, gram(base_bcthw))
        layers.append(F.softplus(to_real - to_base).mean())
    return torch.stack(layers).sum()
