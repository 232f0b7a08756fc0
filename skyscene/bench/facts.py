"""Facts about a model and a machine that stand beside its numbers."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from skyscene.bench.model import Model

_NAMED = ("skyscene", "torch", "lightning-fabric", "numpy", "av", "opencv-python-headless")


def parameters(network: nn.Module) -> int:
    """How many numbers a network learns."""
    return sum(parameter.numel() for parameter in network.parameters())


def networks(model: nn.Module) -> dict[str, int]:
    """Parameters of each of a model's networks, by the name of its attribute."""
    return {name: parameters(child) for name, child in model.named_children() if parameters(child)}


@dataclass(frozen=True, slots=True)
class Drawing:
    """What one clip's prediction takes.

    Attributes:
        flops: Floating-point operations, a multiply-add counting as two.
        parameters: Numbers learned by the networks that take part.
    """

    flops: int
    parameters: int


def drawing(model: Model, stage: str) -> Drawing:
    """What one clip's prediction takes after a stage; the model is left in `eval` mode.

    Compiled networks are asked as they are written: one that is first met by a counter stays so for good.
    """
    first_bchw = torch.zeros(1, 3, model.size, model.size, device=next(model.parameters()).device)
    used = set(model.parameters(recurse=False))  # it has no layer to tell whether they are
    hooks = [
        network.register_forward_hook(lambda asked, *_: used.update(asked.parameters()))
        for network in model.modules()
    ]
    model.eval()
    try:
        with (
            torch.no_grad(),
            torch.compiler.set_stance("force_eager"),
            FlopCounterMode(display=False) as counter,
        ):
            model.predict(stage, first_bchw)
    finally:
        for hook in hooks:
            hook.remove()
    return Drawing(int(counter.get_total_flops()), sum(parameter.numel() for parameter in used))


def versions() -> dict[str, str]:
    """Versions of what a number can depend on."""
    found = {"python": platform.python_version()}
    for name in _NAMED:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def device_name(device: torch.device) -> str:
    """A device as a reader of a table knows it."""
    if device.type == "cuda":
        return str(torch.cuda.get_device_name(device))
    return f"CPU, {torch.get_num_threads()} threads"


def reset_peak(device: torch.device) -> None:
    """Forgets how much memory of a device was taken before; a process cannot."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)


def peak_memory(device: torch.device) -> Mapping[str, int]:
    """Most memory taken, in bytes: of the device since `reset_peak`, and of this process since it began."""
    import resource

    taken = {"process": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}
    if device.type == "cuda":
        taken["device"] = int(torch.cuda.max_memory_allocated(device))
    return taken
