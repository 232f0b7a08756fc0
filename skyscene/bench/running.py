"""A run from its folder: every stage trained, every row scored; each step can be done again."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightning_fabric
import pyarrow.parquet as pq
import torch
from lightning_fabric import Fabric
from torch import nn

from skyscene.bench import facts
from skyscene.bench.baselines import BASELINES, mean_clip
from skyscene.bench.cache_folder import cache_folder
from skyscene.bench.checkpoint import Checkpoints, load_weights
from skyscene.bench.data import BenchData, open_data
from skyscene.bench.embedded import drawn_set
from skyscene.bench.log import Log
from skyscene.bench.model import Model
from skyscene.bench.plan import Plan, read_plan
from skyscene.bench.recipe import DataSettings
from skyscene.bench.scoring import score_baseline, score_model
from skyscene.bench.training import Training
from skyscene.bench.watch import Event, Watch, nobody
from skyscene.dataset.importers import StripSides, import_official, import_strips, is_official, survey
from skyscene.errors import BenchError
from skyscene.recipes import import_target
from skyscene.store import read_json, replacing, write_json

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
            "gigaflops_a_clip": round(facts.flops(self.model, stage) / 1e9, 3),
            "peak_bytes": facts.peak_memory(self.fabric.device),
        }

    def _is_trained(self, stage: str) -> bool:
        last = self.checkpoints.last(stage)
        return last is not None and int(last.name.rpartition("-")[2]) >= self.plan.settings.clips

    def load(self, stage: str) -> Path:
        """Loads the best checkpoint of a stage.

        Raises:
            BenchError: The stage was not trained.
        """
        best = self.checkpoints.best(stage)
        if best is None:
            raise BenchError(f"{self.folder}: stage {stage} is not trained yet: `bench resume {self.folder}`")
        load_weights(best, self.model, self.plan.model.target)
        return best

    def score(self) -> list[Path]:
        """Scores every stage and every baseline on the test side; the tables' files.

        Raises:
            BenchError: A stage was not trained.
        """
        rows = [*BASELINES, *self.plan.model.stages]
        count = len(self.data.sides["test"])
        done = 0

        def tick(clips: int) -> None:
            nonlocal done
            done += clips
            self.watch(Event("score", "scoring", done, count * len(rows)))

        benchmark = self.plan.benchmark
        mean_cthw = mean_clip(self.data, benchmark.size, self.fabric.device)
        paths = []
        for row in rows:
            if row in BASELINES:
                table = score_baseline(
                    self.fabric, BASELINES[row], self.data, "test", benchmark, mean_cthw, tick
                )
            else:
                self.load(row)
                table = score_model(self.fabric, self.model, row, self.data, "test", benchmark, tick=tick)
            paths.append(self.folder / "scores" / f"{row}.parquet")
            with replacing(paths[-1]) as temporary:
                pq.write_table(table, temporary)
        return paths

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
    with fabric.rank_zero_first(local=True):
        data = _data(plan, watch)
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


def _data(plan: Plan, watch: Watch) -> BenchData:
    settings = plan.settings
    if settings.data is None:
        folder = drawn_set(plan.benchmark.data, watch)
    elif plan.benchmark.data.kind == "strips":
        folder = _strips(Path(settings.data), plan.benchmark.data, watch)
    elif is_official(Path(settings.data)):
        folder = _published(Path(settings.data), plan, watch)
    else:
        folder = Path(settings.data)
    return open_data(folder, plan.benchmark)


def _strips(root: Path, settings: DataSettings, watch: Watch) -> Path:
    """VGAN's strips, packed on first use."""
    sides = StripSides(1 - settings.test, settings.val, settings.pairs, settings.seed)
    folder = import_strips(
        root,
        settings.strips,
        cache_folder(),
        sides=sides,
        size=settings.size,
        tick=lambda done, total: watch(Event("score", "packing sources", done, total)),
    )
    odd = read_json(folder / "odd.json")
    if odd:
        watch(Event("note", f"{len(odd)} strips are left out ({folder / 'odd.json'}), the first: {odd[0]}"))
    return folder


def _published(root: Path, plan: Plan, watch: Watch) -> Path:
    """The published set, packed on first use."""
    found = survey(root)
    for line in found.lines():
        watch(Event("note", line))
    return import_official(
        found,
        cache_folder(),
        policy=plan.settings.policy,
        spatial=plan.settings.spatial,
        size=plan.benchmark.data.size,
        tick=lambda done, total: watch(Event("score", "packing videos", done, total)),
    )


def _precision(name: str) -> Any:
    return {"32": "32-true", "bf16": "bf16-mixed"}[name]
