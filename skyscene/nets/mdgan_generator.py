"""MD-GAN's generators, Base-Net and Refine-Net: a 3-D U-net with summed skips (section 3.2, table 1)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Literal

import torch
from torch import Tensor, nn

from skyscene.nets.init import draw_weights

FRAMES = 32
"""Frames in and out."""

Layer = Literal[1, 2, 3, 4, 5]
"""An encoder layer whose output can be added again, counted from the picture; there is no 5 at 64 px."""

SKIPS: Mapping[int, tuple[Layer, ...]] = {1: (1, 2, 3, 4, 5), 2: (3, 4, 5)}
"""Layers whose output is added again in the decoder, by stage: the Refine-Net drops the two finest."""

_SLOPE = 0.2


class Generator(nn.Module):
    """Clip in, clip out; both generators are this one, with other skips.

    The layers are those of table 1, without bias: the encoder's first and last have no batch norm and no
    activation, and deconv1 has the kernel (2, 4, 4), not the (4, 4, 4) that is printed, which would yield
    64 frames. A skip is added after the decoder's ReLU. At 64 pixels conv1 and deconv6 are left out
    (section 4.5): conv2 then takes the picture, deconv5 gives it, and a skip's number counts from there.

    Args:
        size: 128 or 64, of the square pictures.
        skips: Encoder layers, counted from the picture, whose output is added to the decoder's.
        width: Channels after the first layer of the 128 px network.
        init_std: Standard deviation of the convolutions' initial weights.
    """

    def __init__(
        self,
        size: Literal[64, 128] = 128,
        skips: Collection[Layer] = SKIPS[1],
        width: int = 32,
        init_std: float = 0.02,
    ) -> None:
        super().__init__()
        depth = 5 if size == 128 else 4
        self.skips = frozenset(skip for skip in skips if skip <= depth)
        channels = [width << k for k in range(5)]
        self.encoder = nn.ModuleList(self._encoder(size, channels))
        self.bottleneck = nn.Conv3d(channels[-1], channels[-1], (2, 4, 4), bias=False)
        self.decoder = nn.ModuleList(self._decoder(size, channels))
        self.to_picture = _to_picture(size, channels)
        draw_weights(self.modules(), conv_std=init_std)

    @staticmethod
    def _encoder(size: int, channels: list[int]) -> Iterator[nn.Module]:
        if size == 128:
            yield nn.Conv3d(3, channels[0], (3, 4, 4), (1, 2, 2), 1, bias=False)
        inputs = [*channels[:-1]] if size == 128 else [3, *channels[1:-1]]
        for into, out in zip(inputs, channels[1:], strict=True):
            yield nn.Sequential(
                nn.Conv3d(into, out, 4, 2, 1, bias=False), nn.BatchNorm3d(out), nn.LeakyReLU(_SLOPE)
            )

    @staticmethod
    def _decoder(size: int, channels: list[int]) -> Iterator[nn.Module]:
        last = channels[-1]
        yield _up(nn.ConvTranspose3d(last, last, (2, 4, 4), bias=False))
        outputs = channels[-2::-1] if size == 128 else channels[-2:0:-1]
        for into, out in zip([last, *outputs], outputs, strict=False):
            yield _up(nn.ConvTranspose3d(into, out, 4, 2, 1, bias=False))

    def forward(self, clip_bcthw: Tensor) -> Tensor:
        """The generated clip.

        Args:
            clip_bcthw: (b, 3, 32, size, size); the first frame 32 times for the Base-Net, its output for
                the Refine-Net.

        Returns:
            The same shape, in [-1, 1].
        """
        codes: list[Tensor] = []
        x = clip_bcthw
        for layer in self.encoder:
            x = layer(x)
            codes.append(x)
        x = self.bottleneck(x)
        for number, layer in zip(range(len(codes), 0, -1), self.decoder, strict=True):
            x = layer(x)
            if number in self.skips:
                x = x + codes[number - 1]
        return torch.tanh(self.to_picture(x))


def repeat(first_bchw: Tensor) -> Tensor:
    """A first frame as the Base-Net takes it: (b, 3, 32, h, w), every frame the same."""
    return first_bchw.unsqueeze(2).expand(-1, -1, FRAMES, -1, -1)


def _up(convolution: nn.ConvTranspose3d) -> nn.Sequential:
    return nn.Sequential(convolution, nn.BatchNorm3d(convolution.out_channels), nn.ReLU())


def _to_picture(size: int, channels: list[int]) -> nn.ConvTranspose3d:
    if size == 128:
        return nn.ConvTranspose3d(channels[0], 3, (3, 4, 4), (1, 2, 2), 1, bias=False)
    return nn.ConvTranspose3d(channels[1], 3, 4, 2, 1, bias=False)
