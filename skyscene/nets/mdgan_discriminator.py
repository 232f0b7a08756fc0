"""MD-GAN's discriminators, D1 and D2: the encoder again, a score and two features (sections 3.2, 3.3)."""

from __future__ import annotations

from typing import Literal, NamedTuple

from torch import Tensor, nn

from skyscene.nets.init import draw_weights

_SLOPE = 0.2
_CODE_LAST_SLOPE = 0.01


class Judged(NamedTuple):
    """What a discriminator says of a batch.

    Attributes:
        logit_b: Before the sigmoid; above 0 for real.
        features: Output of the first and of the third block, for the ranking loss: at 128 px
            (b, 32, 32, 64, 64) and (b, 128, 8, 16, 16).
    """

    logit_b: Tensor
    features: tuple[Tensor, Tensor]


class Discriminator(nn.Module):
    """Clip in, score out; without bias.

    Args:
        size: 128 or 64, of the square pictures; 64 leaves the first convolution out.
        width: Channels after the first layer of the 128 px network.
        code_exact: Slope 0.01 after the fifth convolution, as the published code has it by default.
        init_std: Standard deviation of the convolutions' initial weights.
    """

    def __init__(
        self,
        size: Literal[64, 128] = 128,
        width: int = 32,
        code_exact: bool = False,
        init_std: float = 0.02,
    ) -> None:
        super().__init__()
        channels = [width << k for k in range(5)]
        blocks: list[nn.Module] = []
        if size == 128:
            first = nn.Conv3d(3, channels[0], (3, 4, 4), (1, 2, 2), 1, bias=False)
            blocks.append(nn.Sequential(first, nn.LeakyReLU(_SLOPE)))
        inputs = channels[:-1] if size == 128 else [3, *channels[1:-1]]
        for into, out in zip(inputs, channels[1:], strict=True):
            slope = _CODE_LAST_SLOPE if code_exact and out == channels[-1] else _SLOPE
            convolution = nn.Conv3d(into, out, 4, 2, 1, bias=False)
            blocks.append(nn.Sequential(convolution, nn.BatchNorm3d(out), nn.LeakyReLU(slope)))
        self.blocks = nn.ModuleList(blocks)
        self.score = nn.Conv3d(channels[-1], 1, (2, 4, 4), bias=False)
        draw_weights(self.modules(), conv_std=init_std)

    def forward(self, clip_bcthw: Tensor) -> Judged:
        """The score and the features of a batch of clips."""
        x = clip_bcthw
        outputs = []
        for block in self.blocks:
            x = block(x)
            outputs.append(x)
        return Judged(self.score(x).flatten(), (outputs[0], outputs[2]))
