"""One step of training: every player learns from its own losses, in turn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import torch
from lightning_fabric import Fabric
from torch import Tensor, nn
from torch.optim import Optimizer

from skyscene.bench.model import Model
from skyscene.errors import BenchError

Told = dict[str, Tensor]
"""Name of a loss ("generator/content") to its mean over the micro-batches; on the device."""


def take_step(
    fabric: Fabric,
    model: Model,
    stage: str,
    optimisers: Mapping[str, Optimizer],
    batches: Iterator[Tensor],
    accumulate: int,
) -> Told:
    """Moves every player of a stage once.

    Args:
        fabric: Precision and processes.
        model: The model, in the stage's mode.
        stage: The stage.
        optimisers: Of each player.
        batches: Where real clips come from.
        accumulate: Micro-batches a step. Batch norm sees one of them at a time.

    Raises:
        BenchError: The model yields other turns than its players.
    """
    told: Told = {}
    for player, values in play(fabric, model, stage, batches, accumulate):
        told |= values
        _average(fabric, model.players(stage)[player].parameters())
        optimisers[player].step()
    return told


def play(
    fabric: Fabric, model: Model, stage: str, batches: Iterator[Tensor], accumulate: int
) -> Iterator[tuple[str, Told]]:
    """Every player's turn, its gradients made over all micro-batches; who asks moves it before the next.

    Args:
        fabric: Precision.
        model: The model, in the stage's mode.
        stage: The stage.
        batches: Where real clips come from.
        accumulate: Micro-batches.

    Yields:
        The player, and its losses.

    Raises:
        BenchError: The model yields other turns than its players.
    """
    micro = [model.step(stage, batches) for _ in range(accumulate)]
    for player, network in model.players(stage).items():
        network.zero_grad(set_to_none=True)
        told: Told = {}
        for turns in micro:
            with fabric.autocast():
                turn = next(turns, None)
            if turn is None or turn.player != player:
                came = "nothing" if turn is None else f"the {turn.player}'s turn"
                raise BenchError(f"stage {stage}: {came} came where the {player}'s turn was due")
            _make_gradients(fabric, turn.total / accumulate, network)
            for name, value in [*turn.losses.items(), *turn.shown.items()]:
                key = f"{player}/{name}"
                told[key] = told.get(key, 0) + value.detach().float() / accumulate
        yield player, told
    for turns in micro:
        turns.close()  # type: ignore[attr-defined]


def _make_gradients(fabric: Fabric, loss: Tensor, player: nn.Module) -> None:
    """Gradients of the player alone whose turn it is.

    A generator's turn goes through its discriminator, whose own would be thrown away.
    """
    learning = [parameter for parameter in player.parameters() if parameter.requires_grad]
    fabric.backward(loss, inputs=learning)


def make_optimisers(
    model: Model, stage: str, rate: float, betas: tuple[float, float], weight_decay: float
) -> dict[str, Optimizer]:
    """Adam for each player of a stage."""
    return {
        player: torch.optim.Adam(network.parameters(), rate, betas, weight_decay=weight_decay)
        for player, network in model.players(stage).items()
    }


def _average(fabric: Fabric, parameters: Iterable[nn.Parameter]) -> None:
    """The mean of the gradients over all processes, in one message."""
    if fabric.world_size == 1:
        return
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    flat = torch.cat([gradient.flatten() for gradient in gradients])
    flat = fabric.all_reduce(flat, reduce_op="mean")  # type: ignore[assignment]
    at = 0
    for gradient in gradients:
        gradient.copy_(flat[at : at + gradient.numel()].view_as(gradient))
        at += gradient.numel()
