"""VGAN's discriminator: five 3-D convolutions, two logits (section 3.3; layers as in its code)."""

from __future__ import annotations

import itertools

from torch import Tensor, nn

from skyscene.nets.init import draw_weights

_EPS = 1e-3
_SLOPE = 0.2


class Discriminator(nn.Module):
    """Clip of 32 frames of 64 x 64 in; (b, 2) logits out, the first for real, the second for fake.

    Args:
        width: Channels after the first layer: 128 beside the conditional generator, 64 beside the other.
    """

    def __init__(self, width: int = 128) -> None:
        super().__init__()
        channels = [width << k for k in range(4)]
        layers: list[nn.Module] = [nn.Conv3d(3, width, 4, 2, 1), nn.LeakyReLU(_SLOPE)]
        for into, out in itertools.pairwise(channels):
            layers += [nn.Conv3d(into, out, 4, 2, 1), nn.BatchNorm3d(out, eps=_EPS), nn.LeakyReLU(_SLOPE)]
        self.net = nn.Sequential(*layers, nn.Conv3d(channels[-1], 2, (2, 4, 4)))
        draw_weights(self.modules(), conv_std=0.01)

    def forward(self, clip_bcthw: Tensor) -> Tensor:
        """Two logits a clip."""
        logits: Tensor = self.net(clip_bcthw)
        return logits.flatten(1)
