"""What was trained, from its folder: networks and weights, without the clips they learned from."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from textwrap import shorten
from typing import Any

import lightning_fabric
from lightning_fabric import Fabric

from skyscene.bench.checkpoint import Checkpoints, load_weights
from skyscene.bench.model import Model
from skyscene.bench.plan import Plan, read_plan
from skyscene.bench.speedups import compile_networks, lay_channels_last
from skyscene.errors import BenchError
from skyscene.metrics import metric
from skyscene.recipes import import_target


@dataclass(slots=True)
class Trained:
    """A run's model.

    Attributes:
        folder: The run's folder.
        plan: What decides the run.
        fabric: Device, precision and processes.
        model: The model.
        checkpoints: Its checkpoints.
    """

    folder: Path
    plan: Plan
    fabric: Fabric
    model: Model
    checkpoints: Checkpoints

    def load(self, stage: str) -> Path:
        """Loads the best checkpoint of a stage.

        Raises:
            BenchError: The stage was not trained.
        """
        return self.load_into(self.model, stage)

    def load_into(self, model: Model, stage: str) -> Path:
        """Loads the best checkpoint of a stage into another model of the same plan.

        Raises:
            BenchError: The stage was not trained.
        """
        best = self.checkpoints.best(stage)
        if best is None:
            raise BenchError(f"{self.folder}: stage {stage} is not trained yet: `bench resume {self.folder}`")
        load_weights(best, model, self.plan.model.target)
        return best


def open_trained(folder: Path, device: str = "auto") -> Trained:
    """The model in a run's folder, to draw with; the clips that it learned from need not be at hand.

    Args:
        folder: The run's folder.
        device: auto, cpu, cuda, ...

    Raises:
        BenchError: It is no run, or there is no such device.
    """
    plan = read_plan(folder)
    fabric = make_fabric(device, plan.settings.precision)
    return Trained(folder, plan, fabric, make_model(plan, fabric), checkpoints_of(folder, plan))


def checkpoints_of(folder: Path, plan: Plan) -> Checkpoints:
    """The checkpoints of a run, the best of them by the benchmark's metric."""
    return Checkpoints(folder / "checkpoints", higher=metric(plan.benchmark.best).goal == "higher")


def make_fabric(device: str, precision: str) -> Fabric:
    """Device, precision and processes.

    Raises:
        BenchError: There is no such device.
    """
    here, everywhere = (int(os.environ.get(name, "1")) for name in ("LOCAL_WORLD_SIZE", "WORLD_SIZE"))
    try:
        fabric = Fabric(
            accelerator="gpu" if device == "cuda" else device,
            devices=here,
            num_nodes=everywhere // here,
            strategy="ddp" if everywhere > 1 else "auto",  # torchrun says so
            precision=_precision(precision),
        )
    except Exception as error:  # each accelerator refuses in its own way
        raise BenchError(
            f"--device {device}: {shorten(str(error), 160, placeholder=' ...')}; --device cpu always works"
        ) from None
    fabric.launch()
    return fabric


def make_model(plan: Plan, fabric: Fabric) -> Model:
    """The model with the weights that the seed draws, on the device.

    Raises:
        BenchError: Its class is no `Model`.
        RecipeError: Its class refuses a parameter.
    """
    kind = import_target(plan.model.target, "model")
    if not (isinstance(kind, type) and issubclass(kind, Model)):
        raise BenchError(f"{plan.model.target} is not a subclass of skyscene.bench.model.Model")
    lightning_fabric.seed_everything(plan.settings.seed, verbose=False)
    model = kind(size=plan.settings.size, **plan.model.parameters).to(fabric.device)
    if plan.settings.channels_last:
        lay_channels_last(model)
    if plan.settings.compile:
        compile_networks(model)
    return model


def _precision(name: str) -> Any:
    return {"32": "32-true", "bf16": "bf16-mixed"}[name]
