"""LPIPS of each frame."""

from __future__ import annotations

import torch
from torch import Tensor

from skyscene.metrics.clips import Clips
from skyscene.metrics.frame_metric import Networks, full_precision
from skyscene.metrics.measured import Measured

_SMALLEST = {"lpips-alex": 31, "lpips-vgg": 16}


@torch.no_grad()
def lpips(predicted: Clips, real: Clips, networks: Networks, weights: str) -> Measured:
    """LPIPS 0.1 of each frame at its own size, pictures brought to [-1, 1]; (b, t).

    Zhang, Isola, Efros, Shechtman, Wang, CVPR 2018. One clip at a time.

    Args:
        predicted: The predictions.
        real: The real clips.
        networks: Where the network is.
        weights: "lpips-alex" or "lpips-vgg".

    Raises:
        ValueError: A side is under 31 pixels (AlexNet) or 16 (VGG16).
    """
    smallest = _SMALLEST[weights]
    if min(real.bcthw.shape[-2:]) < smallest:
        raise ValueError(f"frames of {tuple(real.bcthw.shape[-2:])} are under {smallest} pixels on a side")
    network = networks[weights]
    with full_precision():
        values = [
            network(_pictures(one), _pictures(other))
            for one, other in zip(predicted.bcthw, real.bcthw, strict=True)
        ]
    return Measured.even(torch.stack(values))


def _pictures(clip_cthw: Tensor) -> Tensor:
    return clip_cthw.transpose(0, 1).mul(2).sub(1).contiguous()
