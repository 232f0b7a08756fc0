"""What makes the same networks faster on some machines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn


def lay_channels_last(model: nn.Module) -> None:
    """Pictures follow the weights: a convolution answers in the layout of what it is given."""
    for layer in model.modules():
        if isinstance(layer, nn.Conv3d | nn.ConvTranspose3d):
            layer.weight.data = layer.weight.data.contiguous(memory_format=torch.channels_last_3d)
        elif isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
            layer.weight.data = layer.weight.data.contiguous(memory_format=torch.channels_last)


def compile_networks(model: nn.Module, backend: str | Callable[..., Any] = "inductor") -> None:
    """Every network of a model is compiled when it is first used; names of weights stay what they are.

    Not by `nn.Module.compile`: where the network is a container of torch's own, that does nothing, silently.

    Args:
        model: Its children are the networks.
        backend: As `torch.compile` takes it.
    """
    for network in model.children():
        if isinstance(network, nn.ModuleDict | nn.ModuleList):  # they are never called, what they hold is
            compile_networks(network, backend)
        else:
            network.forward = torch.compile(_apart(network.forward), backend=backend)


def _apart(forward: Callable[..., Any]) -> Callable[..., Any]:
    """The same under code of its own: torch compiles one piece of code so often, and then never again."""

    def call(*inputs: Any, **options: Any) -> Any:
        return forward(*inputs, **options)

    call.__code__ = call.__code__.replace()
    return call
