"""A step makes the gradients that it uses, and no others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import repeat
from typing import ClassVar

import torch
from torch import Tensor, nn

from skyscene.bench import Model, Turn
from skyscene.bench.step import make_optimisers, take_step
from skyscene.bench.trained import make_fabric


class Judged(Model):
    """A shade to add to a clip, judged by one weight; the judge's other weight is frozen."""

    stages: ClassVar[tuple[str, ...]] = ("train",)

    def __init__(self) -> None:
        super().__init__(8)
        self.shade = nn.Linear(1, 1)
        self.judge = nn.Linear(1, 1)
        self.judge.bias.requires_grad_(False)

    def players(self, stage: str) -> Mapping[str, nn.Module]:
        return {"discriminator": self.judge, "generator": self.shade}

    def step(self, stage: str, batches: Iterator[Tensor]) -> Iterator[Turn]:
        real = next(batches)
        yield Turn("discriminator", {"adversarial": self.judge(real).mean()}, {})
        yield Turn("generator", {"adversarial": self.judge(self.shade(real)).square().mean()}, {})


def test_a_generators_turn_goes_through_its_discriminator_and_leaves_no_gradient_there() -> None:
    torch.manual_seed(0)
    model = Judged()
    real = torch.tensor([[3.0], [5.0]])
    optimisers = make_optimisers(model, "train", 0.01, (0.5, 0.9), 0.0)
    before = model.shade.weight.clone()
    take_step(make_fabric("cpu", "32"), model, "train", optimisers, repeat(real), accumulate=2)
    assert model.judge.weight.grad is not None
    assert model.judge.weight.grad.item() == 4.0, "the mean of the real, the discriminator's turn alone"
    assert model.judge.bias.grad is None, "it is frozen"
    assert not torch.equal(model.shade.weight, before)
