"""A run from its folder: every stage trained, every row scored; each step can be done again."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightning_fabric
import torch
from lightning_fabric import Fabric
from torch import nn

from skyscene.bench import facts
from skyscene.bench.baselines import baselines
from skyscene.bench.checkpoint import Checkpoints, load_weights
from skyscene.bench.contest import Contest
from skyscene.bench.contestant import Contestant, Cost, SideTruth
from skyscene.bench.data import BenchData
from skyscene.bench.drawer import drawer
from skyscene.bench.find_data import find_data
from skyscene.bench.log import Log
from skyscene.bench.model import Model
from skyscene.bench.plan import Plan, plan_notes, read_plan
from skyscene.bench.results import Results
from skyscene.bench.training import Training
from skyscene.bench.watch import Watch, nobody
from skyscene.errors import BenchError
from skyscene.recipes import import_target
from skyscene.store import read_json, write_json

RUN = "run.json"


@dataclass(slots=True)
class Run:
    """A run in its folder.

    Attributes:
        folder: The folder.
        plan: What decides it.
        data: Its clips.
        fabric: Device, precision and processes.
        model: The model.
        checkpoints: Its checkpoints.
        watch: Told what happens.
    """

    folder: Path
    plan: Plan
    data: BenchData
    fabric: Fabric
    model: Model
    checkpoints: Checkpoints
    watch: Watch

    @property
    def leads(self) -> bool:
        """Whether this is the process that writes and tells; of several, the others only train."""
        return self.fabric.global_rank == 0

    def train(self) -> None:
        """Trains every stage that is not trained yet; each goes on from the best of the one before.

        Raises:
            BenchError: As `Training.run`.
        """
        about = self._about()
        self._write(about)
        for stage in self.plan.model.stages:
            if not self._is_trained(stage):
                about["stages"][stage] = self._train(stage)
                self._write(about)
            self.load(stage)

    def _write(self, about: dict[str, Any]) -> None:
        if self.leads:
            write_json(self.folder / RUN, about)

    def _train(self, stage: str) -> dict[str, Any]:
        began = time.monotonic()
        log = Log(self.folder) if self.leads else None
        training = Training(
            fabric=self.fabric,
            model=self.model,
            recipe=self.plan.model,
            stage=stage,
            data=self.data,
            benchmark=self.plan.benchmark,
            budget=self.plan.budget,
            seed=self.plan.settings.seed,
            accumulate=self.plan.settings.accumulate,
            checkpoints=self.checkpoints,
            log=log,
            watch=self.watch,
        )
        try:
            seconds = training.run()
        finally:
            if log:
                log.close()
        return {
            "seconds": round(time.monotonic() - began, 3),
            "seconds_a_step": round(seconds, 5),
            "gigaflops_a_clip": round(facts.drawing(self.model, stage).flops / 1e9, 3),
            "peak_bytes": facts.peak_memory(self.fabric.device),
        }

    def _is_trained(self, stage: str) -> bool:
        return self._seen(stage) >= self.plan.settings.clips

    def _seen(self, stage: str) -> int:
        """Clips that a stage has seen so far."""
        last = self.checkpoints.last(stage)
        return int(last.name.rpartition("-")[2]) if last else 0

    def _unfinished(self) -> list[str]:
        """A line for each stage whose training has not come to its end."""
        clips = self.plan.settings.clips
        return [
            f"{settings.label}: scored after {self._seen(stage):,} of {clips:,} clips of its training; "
            f"`bench resume {self.folder}` goes on with it."
            for stage, settings in self.plan.model.stages.items()
            if not self._is_trained(stage)
        ]

    def load(self, stage: str) -> Path:
        """Loads the best checkpoint of a stage.

        Raises:
            BenchError: The stage was not trained.
        """
        return self._load(stage, self.model)

    def _load(self, stage: str, model: Model) -> Path:
        best = self.checkpoints.best(stage)
        if best is None:
            raise BenchError(f"{self.folder}: stage {stage} is not trained yet: `bench resume {self.folder}`")
        load_weights(best, model, self.plan.model.target)
        return best

    def contest(self) -> Contest:
        """All baselines and stages, ready to be scored on the test side.

        Raises:
            BenchError: A stage was not trained.
        """
        plan = self.plan
        return Contest(
            folder=self.folder,
            model=plan.model.name,
            protocol=plan.protocol,
            benchmark=plan.benchmark,
            truth=SideTruth(self.data),
            manifest_hash=self.data.manifest_hash,
            contestants=[*baselines(self.data, plan.benchmark.size, self.fabric.device), *self._stages()],
            device=self.fabric.device,
            set_clips=plan.settings.set_clips,
            seed=plan.settings.seed,
            budget=plan.settings.clips,
            notes=(*plan_notes(plan), *self._unfinished()),
            watch=self.watch,
        )

    def score(self, metrics: Sequence[str] = ()) -> Results:
        """Scores every stage and every baseline on the test side, and writes the table.

        Args:
            metrics: Names; the benchmark's by default.

        Raises:
            BenchError: A stage was not trained.
        """
        return self.contest().score(metrics)

    def _stages(self) -> Iterator[Contestant]:
        """A contestant a stage, each with networks of its own."""
        about = read_json(self.folder / RUN) if (self.folder / RUN).is_file() else {"stages": {}}
        minutes: float | None = 0.0
        clips_seen = 0
        for stage, settings in self.plan.model.stages.items():
            clips_seen += min(self._seen(stage), self.plan.settings.clips)
            model = make_model(self.plan, self.fabric)
            self._load(stage, model)
            model.eval()
            told = about["stages"].get(stage, {}).get("seconds")
            minutes = None if told is None or minutes is None else minutes + told / 60
            counted = facts.drawing(model, stage)
            cost = Cost(counted.parameters, counted.flops / 1e9, clips_seen, minutes)
            yield drawer(self.fabric, model, stage, settings.label, cost)

    def _about(self) -> dict[str, Any]:
        """The facts beside the numbers; what is there of stages that were trained stays."""
        before = read_json(self.folder / RUN) if (self.folder / RUN).is_file() else {}
        return {
            "schema_version": 1,
            "versions": facts.versions(),
            "device": facts.device_name(self.fabric.device),
            "processes": self.fabric.world_size,
            "data": str(self.data.folder),
            "manifest_hash": self.data.manifest_hash,
            "clips": {side: len(clips) for side, clips in self.data.sides.items()},
            "parameters": facts.networks(self.model),
            "stages": before.get("stages", {}),
        }


def open_run(folder: Path, device: str = "auto", watch: Watch = nobody) -> Run:
    """The run in a folder, ready to go on.

    Args:
        folder: It holds the plan.
        device: auto, cpu, cuda, ...
        watch: Told what happens.

    Raises:
        BenchError: It is no run, its data changed since, or there is no such device.
    """
    plan = read_plan(folder)
    fabric = make_fabric(device, plan.settings.precision)
    settings = plan.settings
    with fabric.rank_zero_first(local=True):
        data = find_data(plan.benchmark, settings.data, settings.policy, settings.spatial, watch)
    if (folder / RUN).is_file():
        trained_on = read_json(folder / RUN)["manifest_hash"]
        if trained_on != data.manifest_hash:
            raise BenchError(
                f"{folder} was trained on other clips ({trained_on}) than {data.folder} holds now "
                f"({data.manifest_hash}): give the old ones back, or start a new run"
            )
    model = make_model(plan, fabric)
    return Run(folder, plan, data, fabric, model, Checkpoints(folder / "checkpoints"), watch)


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
            f"--device {device}: {' '.join(str(error).split())[:160]}; --device cpu always works"
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
        _lay_channels_last(model)
    if plan.settings.compile:
        for network in model.children():
            network.compile()
    return model


def _lay_channels_last(model: nn.Module) -> None:
    """Pictures follow the weights: a convolution answers in the layout of what it is given."""
    for layer in model.modules():
        if isinstance(layer, nn.Conv3d | nn.ConvTranspose3d):
            layer.weight.data = layer.weight.data.contiguous(memory_format=torch.channels_last_3d)
        elif isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
            layer.weight.data = layer.weight.data.contiguous(memory_format=torch.channels_last)


def _precision(name: str) -> Any:
    return {"32": "32-true", "bf16": "bf16-mixed"}[name]
