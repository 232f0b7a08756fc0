"""RNN-GAN (Zhou, Berg; ECCV 2016) as far as it can be reconstructed: no code of the authors is public."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, cast

from pydantic import NonNegativeFloat, PositiveInt
from torch import Tensor, nn

from skyscene.bench.model import Model, Turn
from skyscene.errors import RecipeError
from skyscene.nets.adversarial import discriminator_loss, generator_loss
from skyscene.nets.frame_discriminator import FrameDiscriminator
from skyscene.nets.gradient_difference import gradient_difference
from skyscene.nets.rnngan_generator import Generator


class RNNGAN(Model):
    """A recurrent generator; every frame is judged by itself.

    The generator descends the mean squared error, the gradient difference (power 2) and the adversarial
    loss; frame 0 of the output is held to the input frame like any other to its own.

    Args:
        size: 64 px.
        lambda_mse: Weight of the squared error.
        lambda_gradient: Weight of the gradient difference.
        lambda_adversarial: Weight of the adversarial loss.
        saturating: Descend log(1 - D(G)), not -log D(G).
        feed_back: Feed each step's state to the next, not the picture's code to all.
        width: Channels after the first layer of both networks.
    """

    stages: ClassVar[tuple[str, ...]] = ("train",)

    def __init__(
        self,
        size: int,
        *,
        lambda_mse: NonNegativeFloat,
        lambda_gradient: NonNegativeFloat,
        lambda_adversarial: NonNegativeFloat,
        saturating: bool,
        feed_back: bool,
        width: PositiveInt,
    ) -> None:
        super().__init__(size)
        if size != 64:
            raise RecipeError(f"size = {size}: RNN-GAN has networks for 64 pixels")
        self.draw, self.judge = Generator(self.frames, feed_back, width), FrameDiscriminator(width)
        self.lambda_mse, self.lambda_gradient = lambda_mse, lambda_gradient
        self.lambda_adversarial, self.saturating = lambda_adversarial, saturating

    def players(self, stage: str) -> Mapping[str, nn.Module]:
        """Discriminator, then generator."""
        return {"discriminator": self.judge, "generator": self.draw}

    def step(self, stage: str, batches: Iterator[Tensor]) -> Iterator[Turn]:
        """Both turns on one batch."""
        real_bcthw = next(batches)
        drawn_bcthw = self.draw(real_bcthw[:, :, 0])
        drawn_nchw, real_nchw = _each(drawn_bcthw), _each(real_bcthw)
        real_logits, drawn_logits = self.judge(real_nchw), self.judge(drawn_nchw.detach())
        shown = {"says_real": _says_real(real_logits), "says_drawn": _says_real(drawn_logits)}
        yield Turn("discriminator", {"adversarial": discriminator_loss(real_logits, drawn_logits)}, shown)
        adversarial = generator_loss(self.judge(drawn_nchw), self.saturating)
        losses = {
            "adversarial": self.lambda_adversarial * adversarial,
            "content": self.lambda_mse * (drawn_nchw - real_nchw).square().mean(),
            "gradient": self.lambda_gradient * gradient_difference(drawn_nchw, real_nchw),
        }
        yield Turn("generator", losses, {})

    def predict(self, stage: str, first_bchw: Tensor) -> Tensor:
        """The unrolled clip."""
        return cast("Tensor", self.draw(first_bchw))


def _each(clip_bcthw: Tensor) -> Tensor:
    """The frames of all clips as single pictures."""
    return clip_bcthw.transpose(1, 2).flatten(0, 1)


def _says_real(logit_n: Tensor) -> Tensor:
    return logit_n.detach().float().sigmoid().mean()
