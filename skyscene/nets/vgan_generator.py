"""VGAN's generator given a first frame: two streams and a mask (section 4.3; layers as in its code)."""

from __future__ import annotations

import itertools
from typing import NamedTuple

import torch
from torch import Tensor, nn

from skyscene.nets.init import draw_weights

_EPS = 1e-3


class Streams(NamedTuple):
    """What the two streams show and how they are put together, all of (b, channels, 32, 64, 64).

    Attributes:
        clip_bcthw: mask * foreground + (1 - mask) * background, in [-1, 1].
        foreground_bcthw: The moving stream.
        background_bchw: The still stream, one picture.
        mask_bcthw: One channel, 0 (background) to 1.
    """

    clip_bcthw: Tensor
    foreground_bcthw: Tensor
    background_bchw: Tensor
    mask_bcthw: Tensor


class Generator(nn.Module):
    """Picture of 64 x 64 in, 32 frames out.

    The code's four-layer encoder to 1024 x 4 x 4 is taken, not the text's five layers to a vector.

    Args:
        width: Channels after the encoder's first layer.
    """

    def __init__(self, width: int = 128) -> None:
        super().__init__()
        channels = [width, 2 * width, 4 * width, 8 * width]
        top = channels[-1]
        self.encoder = nn.Sequential(
            nn.Conv2d(3, channels[0], 4, 2, 1),
            nn.ReLU(),
            *(
                layer
                for into, out in itertools.pairwise(channels)
                for layer in (nn.Conv2d(into, out, 4, 2, 1), nn.BatchNorm2d(out, eps=_EPS), nn.ReLU())
            ),
        )
        down = channels[::-1]
        self.background = nn.Sequential(
            *(
                layer
                for into, out in itertools.pairwise(down)
                for layer in (nn.ConvTranspose2d(into, out, 4, 2, 1), nn.BatchNorm2d(out), nn.ReLU())
            ),
            nn.ConvTranspose2d(width, 3, 4, 2, 1),
            nn.Tanh(),
        )
        self.trunk = nn.Sequential(
            nn.ConvTranspose3d(top, top, (2, 1, 1)),
            nn.BatchNorm3d(top),
            nn.ReLU(),
            *(
                layer
                for into, out in itertools.pairwise(down)
                for layer in (nn.ConvTranspose3d(into, out, 4, 2, 1), nn.BatchNorm3d(out), nn.ReLU())
            ),
        )
        self.foreground = nn.Sequential(nn.ConvTranspose3d(width, 3, 4, 2, 1), nn.Tanh())
        self.mask = nn.Sequential(nn.ConvTranspose3d(width, 1, 4, 2, 1), nn.Sigmoid())
        draw_weights(self.modules(), conv_std=0.01)

    def forward(self, first_bchw: Tensor) -> Streams:
        """The clip and what it is made of."""
        code_bchw = self.encoder(first_bchw)
        background_bchw = self.background(code_bchw)
        moving = self.trunk(code_bchw.unsqueeze(2))
        foreground_bcthw, mask_bcthw = self.foreground(moving), self.mask(moving)
        clip_bcthw = torch.lerp(
            background_bchw.unsqueeze(2).expand_as(foreground_bcthw),
            foreground_bcthw,
            mask_bcthw.expand_as(foreground_bcthw),
        )
        return Streams(clip_bcthw, foreground_bcthw, background_bchw, mask_bcthw)
