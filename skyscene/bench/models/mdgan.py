"""MD-GAN (Xiong, Luo, Ma, Liu, Luo; CVPR 2018): a Base-Net for content, a Refine-Net for motion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from typing import Any, ClassVar, Literal, cast

import torch
from pydantic import NonNegativeFloat, PositiveFloat, PositiveInt
from torch import Tensor, nn

from skyscene.bench.model import Model, Turn
from skyscene.errors import RecipeError
from skyscene.nets.adversarial import discriminator_loss, generator_loss
from skyscene.nets.batch_statistics import batch_statistics
from skyscene.nets.mdgan_discriminator import Discriminator, Judged
from skyscene.nets.mdgan_generator import Generator, Layer, repeat
from skyscene.nets.rank_loss import rank_loss

BASE, REFINE = "base", "refine"
_NEIGHBOURS = (
    "MD-GAN: batch norm takes the statistics of the clips that are drawn together (model.batch_norm), so "
    "that each depends on the others of its batch; those on the page are drawn one at a time."
)


class MDGAN(Model):
    """Both stages; the second trains with the first's generator frozen.

    Stage I (eq. 1-3): the discriminator descends -log D1(Y) - log(1 - D1(Y1)), the generator the adversarial
    loss and ``lambda_con`` |Y - Y1|. Stage II (eq. 7, algorithm 1) adds ``lambda_rank`` times the ranking
    loss (eq. 5, 6), which the generator descends and the discriminator ascends. A fresh batch is drawn
    between the two, as algorithm 1 has it. The content loss is a mean.

    Args:
        size: 128 or 64 px.
        skips_base: Encoder layers that the Base-Net adds again in its decoder, counted from the picture: 1 to
            5, of which 64 px has the first four.
        skips_refine: The same of the Refine-Net.
        lambda_con: Weight of the content loss.
        lambda_rank: Weight of the ranking loss; 0 for the paper's model without it.
        rank_ascent: Share of ``lambda_rank`` that the discriminator ascends by.
        saturating: Descend log(1 - D(G)) as printed, not -log D(G).
        code_exact: Slope 0.01 after the discriminator's fifth convolution, as in the published code.
        frozen_base: "eval" for running statistics in the frozen Base-Net, "train" for the batch's.
        width: Channels after the first layer of the 128 px networks.
        batch_norm: Statistics at drawing: "running", or "batch" for those of the clips drawn together, as the
            published code has it: then a clip depends on its neighbours, and every table says so.
        init_std: Standard deviation of the convolutions' initial weights.
    """

    stages: ClassVar[tuple[str, ...]] = (BASE, REFINE)

    def __init__(
        self,
        size: int,
        *,
        skips_base: Sequence[Layer],
        skips_refine: Sequence[Layer],
        lambda_con: NonNegativeFloat,
        lambda_rank: NonNegativeFloat,
        rank_ascent: NonNegativeFloat,
        saturating: bool,
        code_exact: bool,
        frozen_base: Literal["eval", "train"],
        width: PositiveInt,
        batch_norm: Literal["running", "batch"] = "running",
        init_std: PositiveFloat = 0.02,
    ) -> None:
        super().__init__(size)
        if size not in (64, 128):
            raise RecipeError(f"size = {size}: MD-GAN has networks for 128 and for 64 pixels")
        side = cast("Literal[64, 128]", size)
        self.base = Generator(side, skips_base, width, init_std)
        self.refine = Generator(side, skips_refine, width, init_std)
        self.judge_base = Discriminator(side, width, code_exact, init_std)
        self.judge_refine = Discriminator(side, width, code_exact, init_std)
        self.lambda_con, self.lambda_rank, self.rank_ascent = lambda_con, lambda_rank, rank_ascent
        self.saturating, self.frozen_base, self.batch_norm = saturating, frozen_base, batch_norm
        if batch_norm == "batch":
            self.caveats = (_NEIGHBOURS,)

    def players(self, stage: str) -> Mapping[str, nn.Module]:
        """Discriminator, then generator."""
        if stage == BASE:
            return {"discriminator": self.judge_base, "generator": self.base}
        return {"discriminator": self.judge_refine, "generator": self.refine}

    def begin(self, stage: str) -> None:
        """Trains the stage's two networks; in stage II the Base-Net stands still."""
        self.train()
        self.base.requires_grad_(stage == BASE)
        if stage == REFINE:
            self.base.train(self.frozen_base == "train")

    def step(self, stage: str, batches: Iterator[Tensor]) -> Iterator[Turn]:
        """Discriminator, then generator on a fresh batch."""
        turns = (self._base_judge, self._base_draw) if stage == BASE else (self._judge, self._draw)
        for turn in turns:
            yield turn(next(batches))

    def predict(self, stage: str, first_bchw: Tensor) -> Tensor:
        """The Base-Net's clip after stage I, the Refine-Net's after stage II."""
        together = self.batch_norm == "batch" and not self.training
        with batch_statistics(self.base, self.refine) if together else nullcontext():
            drawn_bcthw: Tensor = self.base(repeat(first_bchw))
            return drawn_bcthw if stage == BASE else cast("Tensor", self.refine(drawn_bcthw))

    def _base_judge(self, real_bcthw: Tensor) -> Turn:
        with torch.no_grad():
            drawn_bcthw = self.base(repeat(real_bcthw[:, :, 0]))
        real: Judged = self.judge_base(real_bcthw)
        drawn: Judged = self.judge_base(drawn_bcthw)
        loss = discriminator_loss(real.logit_b, drawn.logit_b)
        return Turn("discriminator", {"adversarial": loss}, _logits(real, drawn))

    def _base_draw(self, real_bcthw: Tensor) -> Turn:
        drawn_bcthw = self.base(repeat(real_bcthw[:, :, 0]))
        drawn: Judged = self.judge_base(drawn_bcthw)
        return Turn("generator", self._to_real(drawn, drawn_bcthw, real_bcthw), {})

    def _judge(self, real_bcthw: Tensor) -> Turn:
        with torch.no_grad():
            base_bcthw = self.base(repeat(real_bcthw[:, :, 0]))
            refined_bcthw = self.refine(base_bcthw)
        real: Judged = self.judge_refine(real_bcthw)
        refined: Judged = self.judge_refine(refined_bcthw)
        losses = {"adversarial": discriminator_loss(real.logit_b, refined.logit_b)}
        if self.lambda_rank * self.rank_ascent:
            base: Judged = self.judge_refine(base_bcthw)
            rank = rank_loss(refined.features, real.features, base.features)
            losses["rank"] = -self.lambda_rank * self.rank_ascent * rank
        return Turn("discriminator", losses, _logits(real, refined))

    def _draw(self, real_bcthw: Tensor) -> Turn:
        with torch.no_grad():
            base_bcthw = self.base(repeat(real_bcthw[:, :, 0]))
        refined_bcthw = self.refine(base_bcthw)
        refined: Judged = self.judge_refine(refined_bcthw)
        losses = self._to_real(refined, refined_bcthw, real_bcthw)
        if self.lambda_rank:
            with torch.no_grad():
                real, base = self.judge_refine(real_bcthw), self.judge_refine(base_bcthw)
            losses["rank"] = self.lambda_rank * rank_loss(refined.features, real.features, base.features)
        return Turn("generator", losses, {})

    def _to_real(self, judged: Judged, drawn_bcthw: Tensor, real_bcthw: Tensor) -> dict[str, Tensor]:
        content = (real_bcthw - drawn_bcthw).abs().mean()
        return {
            "adversarial": generator_loss(judged.logit_b, self.saturating),
            "content": self.lambda_con * content,
        }


def _logits(real: Judged, drawn: Judged) -> dict[str, Any]:
    """Mean probability of being real, of the real and of the drawn."""
    return {
        "says_real": real.logit_b.detach().float().sigmoid().mean(),
        "says_drawn": drawn.logit_b.detach().float().sigmoid().mean(),
    }
