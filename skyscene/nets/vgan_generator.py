"""VGAN's generator given a first frame: two streams and a mask (section 4.3; layers as in its code)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn

from skyscene.nets.init import draw_weights

Encoder = Literal["code", "paper"]

_EPS = 1e-3
_CODE = 100


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

    Args:
        width: Channels after the encoder's first layer.
        encoder: "code" for the published code's four layers, whose 1024 x 4 x 4 both streams begin from;
            "paper" for the text's five layers to a vector of 100, from which the streams of the paper's
            unconditional model begin.
    """

    def __init__(self, width: int = 128, encoder: Encoder = "code") -> None:
        super().__init__()
        up = [8 * width, 4 * width, 2 * width, width]
        self.encoder = nn.Sequential(*_encoder(width))
        background, trunk = list(_still(up)), list(_moving(up))
        if encoder == "paper":
            self.encoder.append(nn.Conv2d(up[0], _CODE, 4))
            background = [nn.ConvTranspose2d(_CODE, up[0], 4), nn.BatchNorm2d(up[0]), nn.ReLU(), *background]
            first: nn.Module = nn.ConvTranspose3d(_CODE, up[0], (2, 4, 4))
        else:
            first = nn.ConvTranspose3d(up[0], up[0], (2, 1, 1))
        self.background = nn.Sequential(*background, nn.ConvTranspose2d(width, 3, 4, 2, 1), nn.Tanh())
        self.trunk = nn.Sequential(first, nn.BatchNorm3d(up[0]), nn.ReLU(), *trunk)
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


def _encoder(width: int) -> Iterator[nn.Module]:
    yield nn.Conv2d(3, width, 4, 2, 1)
    yield nn.ReLU()
    for into, out in itertools.pairwise([width, 2 * width, 4 * width, 8 * width]):
        yield from (nn.Conv2d(into, out, 4, 2, 1), nn.BatchNorm2d(out, eps=_EPS), nn.ReLU())


def _still(up: Sequence[int]) -> Iterator[nn.Module]:
    """Four times as many pixels a layer, still."""
    for into, out in itertools.pairwise(up):
        yield from (nn.ConvTranspose2d(into, out, 4, 2, 1), nn.BatchNorm2d(out), nn.ReLU())


def _moving(up: Sequence[int]) -> Iterator[nn.Module]:
    """Eight times as many voxels a layer, in motion."""
    for into, out in itertools.pairwise(up):
        yield from (nn.ConvTranspose3d(into, out, 4, 2, 1), nn.BatchNorm3d(out), nn.ReLU())
