"""Facts that stand beside a model's numbers are true of any model a user can write."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from skyscene.bench.facts import drawing
from tests.bench.fading import Fading


class Kept(Fading):
    """Its networks lie in a dictionary, beside a number of its own; one of them draws nothing."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.nets = nn.ModuleDict({"scale": nn.Conv2d(3, 3, 1), "unused": nn.Conv2d(3, 30, 1)})
        self.gain = nn.Parameter(torch.ones(()))

    def predict(self, stage: str, first_bchw: Tensor) -> Tensor:
        """The first frame, scaled, then shaded."""
        return super().predict(stage, self.gain * self.nets["scale"](first_bchw))


def test_parameters_are_those_of_all_layers_that_draw() -> None:
    assert drawing(Fading(16), "train").parameters == 12
    assert drawing(Kept(16), "train").parameters == 12 + 12 + 1
