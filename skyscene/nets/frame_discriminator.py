"""A discriminator of single frames, as DCGAN has it; RNN-GAN's."""

from __future__ import annotations

from torch import Tensor, nn

from skyscene.nets.init import draw_weights

_SLOPE = 0.2


class FrameDiscriminator(nn.Module):
    """Pictures of 64 x 64 in, one logit each out; without bias.

    Args:
        width: Channels after the first layer.
    """

    def __init__(self, width: int = 64) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.Conv2d(3, width, 4, 2, 1, bias=False), nn.LeakyReLU(_SLOPE)]
        for into in (width, 2 * width, 4 * width):
            convolution = nn.Conv2d(into, 2 * into, 4, 2, 1, bias=False)
            layers += [convolution, nn.BatchNorm2d(2 * into), nn.LeakyReLU(_SLOPE)]
        self.net = nn.Sequential(*layers, nn.Conv2d(8 * width, 1, 4, bias=False))
        draw_weights(self.modules(), conv_std=0.02)

    def forward(self, picture_nchw: Tensor) -> Tensor:
        """One logit a picture, (n,)."""
        logits: Tensor = self.net(picture_nchw)
        return logits.flatten()
