"""VGAN given a first frame (Vondrick, Pirsiavash, Torralba; NIPS 2016, section 4.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, cast

from pydantic import NonNegativeFloat, PositiveInt
from torch import Tensor, nn

from skyscene.bench.model import Model, Turn
from skyscene.errors import RecipeError
from skyscene.nets.adversarial import two_class_loss
from skyscene.nets.vgan_discriminator import Discriminator
from skyscene.nets.vgan_generator import Encoder, Generator, Streams


class VGAN(Model):
    """Two streams and a mask; frame 0 is drawn anew and held to the input by ``lambda_first``.

    Discriminator and generator meet over the same clips; the generator is judged by the discriminator as it
    is after its step. Losses as in the code: cross-entropy of two logits, mean |x0 - G(x0)[0]|.

    Args:
        size: 64 px.
        lambda_first: Weight of the loss on the first frame.
        lambda_mask: Weight of the mask's mean (0.1 in the paper's unconditional model, 0 in the code here).
        width: Channels after the generator's and the discriminator's first layer.
        encoder: "code" for the published code's four layers, "paper" for the text's five to a vector of 100.
    """

    stages: ClassVar[tuple[str, ...]] = ("train",)

    def __init__(
        self,
        size: int,
        *,
        lambda_first: NonNegativeFloat,
        lambda_mask: NonNegativeFloat,
        width: PositiveInt,
        encoder: Encoder = "code",
    ) -> None:
        super().__init__(size)
        if size != 64:
            raise RecipeError(f"size = {size}: VGAN has networks for 64 pixels")
        self.draw, self.judge = Generator(width, encoder), Discriminator(width)
        self.lambda_first, self.lambda_mask = lambda_first, lambda_mask

    def players(self, stage: str) -> Mapping[str, nn.Module]:
        """Discriminator, then generator."""
        return {"discriminator": self.judge, "generator": self.draw}

    def step(self, stage: str, batches: Iterator[Tensor]) -> Iterator[Turn]:
        """Both turns on one batch."""
        real_bcthw = next(batches)
        first_bchw = real_bcthw[:, :, 0]
        drawn: Streams = self.draw(first_bchw)
        real_logits, drawn_logits = self.judge(real_bcthw), self.judge(drawn.clip_bcthw.detach())
        loss = two_class_loss(real_logits, real=True) + two_class_loss(drawn_logits, real=False)
        shown = {"says_real": _says_real(real_logits), "says_drawn": _says_real(drawn_logits)}
        yield Turn("discriminator", {"adversarial": loss}, shown)
        losses = {
            "adversarial": two_class_loss(self.judge(drawn.clip_bcthw), real=True),
            "first": self.lambda_first * (first_bchw - drawn.clip_bcthw[:, :, 0]).abs().mean(),
        }
        if self.lambda_mask:
            losses["mask"] = self.lambda_mask * drawn.mask_bcthw.mean()
        yield Turn("generator", losses, {"mask_mean": drawn.mask_bcthw.detach().mean()})

    def predict(self, stage: str, first_bchw: Tensor) -> Tensor:
        """The blended clip."""
        return cast("Streams", self.draw(first_bchw)).clip_bcthw

    def pictures(self, stage: str, first_bchw: Tensor) -> Mapping[str, Tensor]:
        """Foreground, background, and the mask from black to white."""
        drawn: Streams = self.draw(first_bchw)
        return {
            "foreground": drawn.foreground_bcthw,
            "background": drawn.background_bchw.unsqueeze(2).expand_as(drawn.foreground_bcthw),
            "mask": (2 * drawn.mask_bcthw - 1).expand_as(drawn.foreground_bcthw),
        }


def _says_real(logits_bk: Tensor) -> Tensor:
    return logits_bk.detach().float().softmax(dim=1)[:, 0].mean()
