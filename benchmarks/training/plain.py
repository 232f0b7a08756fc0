"""Steps written out plainly: the same networks and losses, no loop of ours, no loader, float32, eager."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from skyscene.bench.models.mdgan import MDGAN
from skyscene.bench.models.rnngan import RNNGAN
from skyscene.bench.models.vgan import VGAN
from skyscene.nets.adversarial import discriminator_loss, generator_loss, two_class_loss
from skyscene.nets.gradient_difference import gradient_difference
from skyscene.nets.mdgan_generator import repeat

Step = Callable[[Tensor], None]


def mdgan_stage_one(model: MDGAN) -> Step:
    """Both turns of MD-GAN's first stage on one batch."""
    judge = torch.optim.Adam(model.judge_base.parameters(), 2e-4, (0.5, 0.9))
    draw = torch.optim.Adam(model.base.parameters(), 2e-4, (0.5, 0.9))

    def step(real: Tensor) -> None:
        with torch.no_grad():
            drawn = model.base(repeat(real[:, :, 0]))
        judge.zero_grad(set_to_none=True)
        discriminator_loss(model.judge_base(real).logit_b, model.judge_base(drawn).logit_b).backward()
        judge.step()
        draw.zero_grad(set_to_none=True)
        drawn = model.base(repeat(real[:, :, 0]))
        loss = generator_loss(model.judge_base(drawn).logit_b, False) + (real - drawn).abs().mean()
        loss.backward()
        draw.step()

    return step


def vgan(model: VGAN) -> Step:
    """Both turns of VGAN on the same clips."""
    judge = torch.optim.Adam(model.judge.parameters(), 2e-4, (0.5, 0.999))
    draw = torch.optim.Adam(model.draw.parameters(), 2e-4, (0.5, 0.999))

    def step(real: Tensor) -> None:
        drawn = model.draw(real[:, :, 0]).clip_bcthw
        judge.zero_grad(set_to_none=True)
        loss = two_class_loss(model.judge(real), True) + two_class_loss(model.judge(drawn.detach()), False)
        loss.backward()
        judge.step()
        draw.zero_grad(set_to_none=True)
        first = (real[:, :, 0] - drawn[:, :, 0]).abs().mean()
        (two_class_loss(model.judge(drawn), True) + 10 * first).backward()
        draw.step()

    return step


def rnngan(model: RNNGAN) -> Step:
    """Both turns of RNN-GAN on the same clips."""
    judge = torch.optim.Adam(model.judge.parameters(), 2e-4, (0.5, 0.999))
    draw = torch.optim.Adam(model.draw.parameters(), 2e-4, (0.5, 0.999))

    def step(real: Tensor) -> None:
        drawn = model.draw(real[:, :, 0]).transpose(1, 2).flatten(0, 1)
        true = real.transpose(1, 2).flatten(0, 1)
        judge.zero_grad(set_to_none=True)
        discriminator_loss(model.judge(true), model.judge(drawn.detach())).backward()
        judge.step()
        draw.zero_grad(set_to_none=True)
        content = (drawn - true).square().mean() + gradient_difference(drawn, true)
        (content + 0.2 * generator_loss(model.judge(drawn), False)).backward()
        draw.step()

    return step


PLAIN: dict[str, Callable[..., Step]] = {"mdgan": mdgan_stage_one, "vgan": vgan, "rnngan": rnngan}
"""By recipe; of MD-GAN the first stage."""
