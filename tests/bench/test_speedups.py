"""Networks that are to be compiled are, whoever wrote them and whatever was asked of them before."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from skyscene.bench.facts import drawing
from skyscene.bench.speedups import compile_networks
from tests.bench.fading import Fading


class Shade(nn.Conv2d):
    """A network of a user's own."""

    def __init__(self) -> None:
        super().__init__(3, 3, 1)

    def forward(self, first_bchw: Tensor) -> Tensor:
        """The shade."""
        return super().forward(first_bchw)


class Kept(Fading):
    """Its network lies in a dictionary."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.nets = nn.ModuleDict({"shade": self.shade})
        del self.shade

    def predict(self, stage: str, first_bchw: Tensor) -> Tensor:
        """The first frame, shaded."""
        return self.nets["shade"](first_bchw)


def own() -> Fading:
    model = Fading(16)
    model.shade = Shade()
    return model


def torchs() -> Fading:
    model = Fading(16)
    model.shade = nn.Sequential(model.shade)  # type: ignore[assignment]
    return model


Graphs = list[torch.fx.GraphModule]


def noting(compiled: Graphs) -> Callable[..., Callable[..., object]]:
    """A backend that notes what it is given, and runs it as it is."""

    def backend(graph: torch.fx.GraphModule, inputs: list[Tensor]) -> Callable[..., object]:
        compiled.append(graph)
        return graph.forward

    return backend


@pytest.mark.parametrize("make", [own, torchs, lambda: Kept(16)], ids=["own", "torch's", "kept"])
def test_a_network_is_compiled_though_it_was_counted_before(make: Callable[[], Fading]) -> None:
    compiled: Graphs = []
    model = make()
    names = list(model.state_dict())
    compile_networks(model, noting(compiled))
    assert drawing(model, "train").flops == 2 * 3 * 3 * 16 * 16 and not compiled
    with torch.no_grad():
        model.predict("train", torch.zeros(1, 3, 16, 16))
    assert compiled and list(model.state_dict()) == names


@pytest.mark.parametrize("make", [Shade, lambda: nn.Sequential(Shade())], ids=["own", "torch's"])
def test_every_network_of_many_is_compiled(make: Callable[[], nn.Module]) -> None:
    """Torch gives up on a piece of code after eight times, and networks of one class share theirs."""
    compiled: Graphs = []
    model = nn.Module()
    model.nets = nn.ModuleList(make() for _ in range(12))
    compile_networks(model, noting(compiled))
    for network in model.nets:
        network(torch.zeros(1, 3, 4, 4))
    assert len(compiled) == 12
