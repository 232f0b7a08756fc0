"""The networks that metrics need, filled with their weights; what is not to be had, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import nn

from skyscene.bench.weights import load_weights
from skyscene.errors import StoreError
from skyscene.metrics import Metric
from skyscene.nets.i3d import I3D
from skyscene.nets.perceptual import PerceptualDistance

_BUILDERS: Mapping[str, Callable[[], nn.Module]] = {
    "lpips-alex": lambda: PerceptualDistance("alex"),
    "lpips-vgg": lambda: PerceptualDistance("vgg"),
    "i3d-kinetics-400": I3D,
}


def load_networks(
    metrics: Sequence[Metric], device: torch.device
) -> tuple[dict[str, nn.Module], dict[str, str]]:
    """Networks by the name of their weights, and why which metrics lack theirs, with the cure."""
    networks: dict[str, nn.Module] = {}
    absent: dict[str, str] = {}
    for each in metrics:
        for name in each.needs:
            if name in networks:
                continue
            try:
                state = load_weights(name)
            except StoreError as error:
                absent[each.name] = str(error)
                break
            network = _BUILDERS[name]()
            network.load_state_dict(state)
            networks[name] = network.requires_grad_(False).eval().to(device)
    return networks, absent
