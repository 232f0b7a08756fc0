"""A run from its folder: every stage trained, every row scored; each step can be done again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skyscene.bench import facts
from skyscene.bench.baselines import baselines
from skyscene.bench.checkpoint import Point, read_point
from skyscene.bench.contest import Contest
from skyscene.bench.contestant import Contestant, Cost, SideTruth
from skyscene.bench.data import BenchData
from skyscene.bench.drawer import drawer
from skyscene.bench.find_data import find_data
from skyscene.bench.log import LOG, NOTE, Log, read_log
from skyscene.bench.plan import RECIPE, Plan, has_begun, plan_notes, read_plan
from skyscene.bench.results import Results
from skyscene.bench.trained import Trained, checkpoints_of, make_fabric, make_model
from skyscene.bench.training import Training
from skyscene.bench.watch import Watch, nobody
from skyscene.errors import BenchError
from skyscene.store import holding, read_json, write_json

RUN = "run.json"


@dataclass(slots=True)
class Run(Trained):
    """A run in its folder, with its clips.

    Attributes:
        data: Its clips.
        watch: Told what happens.
    """

    data: BenchData
    watch: Watch

    @property
    def leads(self) -> bool:
        """Whether this is the process that writes and tells; of several, the others only train."""
        return self.fabric.global_rank == 0

    def train(self) -> None:
        """Trains every stage that is not trained yet; each goes on from the best of the one before.

        Raises:
            BenchError: As `Training.run`, or other processes than began it would go on.
            BusyError: Another command trains it now.
        """
        busy = f"another bench command is training {self.folder}"
        with holding(self.folder / ".lock", busy) if self.leads else nullcontext():
            if not all(map(self._is_trained, self.plan.model.stages)):
                self._same_processes()
                if self.leads:
                    self._note()
            for stage in self.plan.model.stages:
                if not self._is_trained(stage):
                    self._train(stage)
                if self.leads and stage not in self._noted().get("stages", {}):  # a stop may have come before
                    self._note()
                self.load(stage)

    def _train(self, stage: str) -> None:
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
            training.run()
        finally:
            if log:
                log.close()

    def _same_processes(self) -> None:
        """Refuses to go on by other processes than began: a step would see more clips, or fewer."""
        now, before = self.fabric.world_size, self._noted().get("processes")
        if has_begun(self.folder) and before not in (None, now):
            raise BenchError(
                f"{self.folder} was begun by {before} processes and this is {now}: a step would see other "
                f"clips; go on with torchrun --nproc-per-node {before}"
            )

    def same_as_begun(self) -> None:
        """Sees that the clips and the plan are those that the run began with.

        Raises:
            BenchError: They are not.
        """
        begun = self._noted()
        if begun.get("manifest_hash", self.data.manifest_hash) != self.data.manifest_hash:
            raise BenchError(
                f"{self.folder} was trained on other clips ({begun['manifest_hash']}) than "
                f"{self.data.folder} holds now ({self.data.manifest_hash}): give the old ones back, or "
                "start a new run"
            )
        if begun.get("plan_sha256") not in (None, _plan_hash(self.folder)):
            raise BenchError(
                f"{self.folder / RECIPE} was changed since the run began: give the old one back, or begin a "
                "new run with another --out"
            )

    def _noted(self) -> dict[str, Any]:
        path = self.folder / RUN
        return dict(read_json(path)) if path.is_file() else {}

    def _note(self) -> None:
        """Writes the facts beside the numbers; of stages that were noted before, what was written then."""
        before = self._noted().get("stages", {})
        trained = filter(self._is_trained, self.plan.model.stages)
        stages = {stage: before.get(stage) or self._taken(stage) for stage in trained}
        about = {
            "schema_version": 1,
            "plan_sha256": _plan_hash(self.folder),
            "versions": facts.versions(),
            "device": facts.device_name(self.fabric.device),
            "processes": self.fabric.world_size,
            "data": str(self.data.folder),
            "manifest_hash": self.data.manifest_hash,
            "clips": {side: len(clips) for side, clips in self.data.sides.items()},
            "parameters": facts.networks(self.model),
            "stages": stages,
        }
        write_json(self.folder / RUN, about)

    def _taken(self, stage: str) -> dict[str, Any]:
        """What a stage's training took, over all stops."""
        point = self._last(stage)
        assert point is not None
        return {
            "seconds": round(point.seconds, 3),
            "seconds_a_step": round(point.stepping / point.steps, 5),
            "gigaflops_a_clip": round(facts.drawing(self.model, stage).flops / 1e9, 3),
            "peak_bytes": facts.peak_memory(self.fabric.device),
            "device": facts.device_name(self.fabric.device),
        }

    def _is_trained(self, stage: str) -> bool:
        return self._seen(stage) >= self.plan.settings.clips

    def _seen(self, stage: str) -> int:
        """Clips that a stage has seen so far."""
        point = self._last(stage)
        return point.seen if point else 0

    def _last(self, stage: str) -> Point | None:
        """Where a stage's training is."""
        last = self.checkpoints.last(stage)
        return read_point(last) if last else None

    def _unfinished(self) -> list[str]:
        """A line for each stage whose training has not come to its end."""
        clips = self.plan.settings.clips
        return [
            f"{settings.label}: scored after {self._seen(stage):,} of {clips:,} clips of its training; "
            f"`bench resume {self.folder}` goes on with it."
            for stage, settings in self.plan.model.stages.items()
            if not self._is_trained(stage)
        ]

    def _omens(self) -> list[str]:
        """What went wrong slowly in the training, as it was said then."""
        stages = self.plan.model.stages
        return [
            f"{stages[record['stage']].label}, after {record['seen']:,} clips: {record[NOTE]}."
            for record in read_log(self.folder / LOG)
            if NOTE in record
        ]

    def _by_many(self) -> list[str]:
        """A line where several processes trained."""
        processes = self._noted().get("processes", 1)
        if processes == 1:
            return []
        return [
            f"{processes} processes trained: a step saw as many batches, and batch norm those of one process."
        ]

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
            notes=(
                *plan_notes(plan),
                *self._omens(),
                *self._by_many(),
                *self.model.caveats,
                *self._unfinished(),
            ),
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
        minutes: float | None = 0.0
        clips_seen = 0
        for stage, settings in self.plan.model.stages.items():
            model = make_model(self.plan, self.fabric)
            self.load_into(model, stage)
            model.eval()
            point = self._last(stage)
            assert point is not None
            clips_seen += point.seen
            minutes = minutes + point.seconds / 60 if minutes is not None and point.seconds else None
            counted = facts.drawing(model, stage)
            cost = Cost(counted.parameters, counted.flops / 1e9, clips_seen, minutes)
            yield drawer(self.fabric, model, stage, settings.label, cost)


def open_run(folder: Path, device: str = "auto", watch: Watch = nobody) -> Run:
    """The run in a folder, ready to go on.

    Args:
        folder: It holds the plan.
        device: auto, cpu, cuda, ...
        watch: Told what happens.

    Raises:
        BenchError: It is no run, its data or its plan changed since, or there is no such device.
    """
    return _open(read_plan(folder), folder, device, watch)


def begin_run(plan: Plan, folder: Path, device: str = "auto", watch: Watch = nobody) -> Run:
    """A run of a plan, its plan written once everything that it names is there.

    Args:
        plan: What decides the run.
        folder: Where it will be; what was begun there by the same plan is gone on with.
        device: auto, cpu, cuda, ...
        watch: Told what happens.

    Raises:
        BenchError: Another run is there, or as `open_run`.
    """
    plan.check(folder)
    run = _open(plan, folder, device, watch)
    if run.leads:
        plan.write(folder)
    return run


def _open(plan: Plan, folder: Path, device: str, watch: Watch) -> Run:
    fabric = make_fabric(device, plan.settings.precision)
    settings = plan.settings
    with fabric.rank_zero_first(local=True):
        data = find_data(plan.benchmark, settings.data, settings.policy, settings.spatial, watch)
    if settings.size > data.size:
        smaller = [size for size in plan.model.facts.sizes if size <= data.size]
        raise BenchError(
            f"{data.folder} holds pictures of {data.size} pixels and {plan.model.name} is to draw "
            f"{settings.size}: "
            + (f"give --set facts.size={max(smaller)}, or " if smaller else "")
            + "build with larger pictures"
        )
    run = Run(folder, plan, fabric, make_model(plan, fabric), checkpoints_of(folder, plan), data, watch)
    if has_begun(folder):
        run.same_as_begun()
    return run


def _plan_hash(folder: Path) -> str:
    return hashlib.sha256((folder / RECIPE).read_bytes()).hexdigest()
