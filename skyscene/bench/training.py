"""Training one stage of a model: the loop."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import repeat

import numpy as np
import numpy.typing as npt
import torch
from lightning_fabric import Fabric
from torch.optim import Optimizer

from skyscene.bench.batches import Batches
from skyscene.bench.checkpoint import Checkpoints, Point, load_optimisers, load_weights, read_point
from skyscene.bench.contestant import SideTruth, blocks
from skyscene.bench.data import BenchData
from skyscene.bench.drawer import drawer
from skyscene.bench.facts import reset_peak
from skyscene.bench.log import Log
from skyscene.bench.model import Model
from skyscene.bench.omens import Omens
from skyscene.bench.pace import Pace
from skyscene.bench.pictures import resample, to_unit_clips, unit_to_bytes
from skyscene.bench.recipe import BenchmarkRecipe, Budget, ModelRecipe, StageSettings
from skyscene.bench.scoring import mean_score
from skyscene.bench.step import Told, make_optimisers, play, take_step
from skyscene.bench.watch import Event, Watch
from skyscene.errors import BenchError
from skyscene.metrics import FrameMetric, metric

_LOGGED_FIRST = 50
"""Steps that are all logged: a short training is made of nothing else."""
_LOGGED_EVERY = 10
_SAVED_EVERY = 600.0
"""Seconds between two checkpoints at most: a look at val may be hours away."""
_SAMPLES = 4
_NO_ROOM = ("can't allocate memory", "not enough memory", "out of memory")
"""Of Linux, Windows, and devices that raise nothing of their own."""


@dataclass(slots=True)
class Training:
    """One stage of one run, from wherever it stands to its end.

    Attributes:
        fabric: Device, precision and processes.
        model: The model; ends with the weights of the stage's best checkpoint.
        recipe: The model's recipe.
        stage: The stage.
        data: The clips.
        benchmark: What is scored, and which metric is the best.
        budget: How many clips to see.
        seed: Draws the order of clips, and noise.
        accumulate: Micro-batches a step.
        checkpoints: The run's.
        log: The run's; only the first process has one.
        watch: Told what happens.
    """

    fabric: Fabric
    model: Model
    recipe: ModelRecipe
    stage: str
    data: BenchData
    benchmark: BenchmarkRecipe
    budget: Budget
    seed: int
    accumulate: int
    checkpoints: Checkpoints
    log: Log | None
    watch: Watch
    _pace: Pace = field(default_factory=Pace)
    _saved: float = 0.0
    _omens: Omens = field(default_factory=lambda: Omens(_LOGGED_EVERY))
    _optimisers: dict[str, Optimizer] = field(default_factory=dict)

    def run(self) -> None:
        """Trains to the end of the budget.

        Raises:
            BenchError: A loss or a weight is no number any more, or a batch does not fit into memory.
        """
        self.model.begin(self.stage)
        reset_peak(self.fabric.device)
        settings = self.settings
        self._optimisers = make_optimisers(
            self.model, self.stage, settings.rate, settings.betas, settings.weight_decay
        )
        seen = self._go_on()
        self._saved = time.monotonic()
        self.watch(Event("stage", self.stage, seen, self.budget.clips))
        with self._batches(seen) as batches:
            looks = self._looks(seen)
            due = next(looks)
            while batches.seen < self.budget.clips:
                with self._pace.step():
                    self._seed(batches.seen)
                    told = self._step(batches)
                self._tell(told, batches.seen)
                if batches.seen >= due:
                    self._look(told, batches.seen)
                    due = next(looks)
                elif time.monotonic() - self._saved > _SAVED_EVERY:
                    self._sound(told, batches.seen)
                    self._save(batches.seen)

    @property
    def settings(self) -> StageSettings:
        """The stage's table of the recipe."""
        return self.recipe.stages[self.stage]

    def _go_on(self) -> int:
        """Loads the last checkpoint of the stage, if there is one; clips seen so far."""
        last = self.checkpoints.last(self.stage)
        if last is not None:
            load_weights(last, self.model, self.recipe.target)
            load_optimisers(last, self._optimisers)
            point = read_point(last)
            self._pace.go_on(point.steps, point.stepping, point.seconds)
        seen = point.seen if last is not None else 0
        if self.log:
            self.log.begin(self.stage, seen)
        return seen

    def _batches(self, seen: int) -> Batches:
        return Batches(
            self.data,
            seed=self.seed,
            seen=seen,
            batch=self.settings.batch,
            size=self.model.size,
            device=self.fabric.device,
            rank=self.fabric.global_rank,
            world=self.fabric.world_size,
        )

    def _looks(self, seen: int) -> Iterator[int]:
        """After how many clips val is scored; the last is at the end."""
        yield from (
            due
            for k in range(1, self.budget.looks)
            if (due := round(self.budget.clips * k / self.budget.looks)) > seen
        )
        yield from repeat(self.budget.clips)

    def _seed(self, seen: int) -> None:
        """Makes what a step draws a function of the seed and the clips before it."""
        torch.manual_seed((self.seed << 40) + (self.fabric.global_rank << 32) + seen)

    def _step(self, batches: Batches) -> Told:
        try:
            return take_step(self.fabric, self.model, self.stage, self._optimisers, batches, self.accumulate)
        except RuntimeError as error:
            if not _is_out_of_memory(error):
                raise
        raise BenchError(self._too_large())  # out here, where the error holds the step's tensors no more

    def _too_large(self) -> str:
        """What to say where a batch does not fit: about the largest half, quarter, ... that does."""
        batch, clips = self.settings.batch, self.settings.batch * self.accumulate
        while batch > 1:
            micro = -(-clips // -(-batch // 2))
            batch = -(-clips // micro)  # what is tried is what is named
            if self._fits(batch, micro):
                return (
                    f"a batch of {self.settings.batch} does not fit into the memory of {self.fabric.device}; "
                    f"{batch} does: {self._as_many_a_step(micro)}"
                )
        return f"not even a batch of 1 fits into the memory of {self.fabric.device}"

    def _as_many_a_step(self, micro: int) -> str:
        """Options by which each stage sees as many clips a step as now, or more, in so many micro-batches."""
        batches = {
            stage: -(-settings.batch * self.accumulate // micro)
            for stage, settings in self.recipe.stages.items()
        }
        options = " ".join(f"--set stages.{stage}.batch={batch}" for stage, batch in batches.items())
        begun = any(self.checkpoints.last(stage) for stage in batches)
        return f"{options} --accumulate {micro}" + (", with another --out" if begun else "")

    def _fits(self, batch: int, micro: int) -> bool:
        """Whether a step has room for so many micro-batches of this size and for what the optimisers keep."""
        self.model.zero_grad(set_to_none=True)
        try:
            for player, _ in play(self.fabric, self.model, self.stage, repeat(self._blank(batch)), micro):
                self._optimisers[player].step()  # of this process alone: the others have room
        except RuntimeError:
            return False
        return True

    def _blank(self, batch: int) -> torch.Tensor:
        shape = (batch, 3, self.model.frames, self.model.size, self.model.size)
        return torch.zeros(shape, device=self.fabric.device)

    def _tell(self, told: Told, seen: int) -> None:
        done = min(seen, self.budget.clips)
        steps = self._pace.steps
        tenth = steps % _LOGGED_EVERY == 0
        if steps > _LOGGED_FIRST and not tenth:
            self.watch(Event("step", self.stage, done, self.budget.clips))  # values would wait for the device
            return
        values = self._finite(told, seen)
        for omen in self._omens.look(values) if tenth or steps <= 3 else ():
            self.watch(Event("note", f"stage {self.stage}: {omen}"))
            if self.log:
                self.log.note(self.stage, seen, omen)
        values["seconds_a_step"] = self._pace.lap()
        if self.log:
            self.log.values(self.stage, seen, values)
        self.watch(Event("step", self.stage, done, self.budget.clips, values))

    def _finite(self, told: Told, seen: int) -> dict[str, float]:
        with self._pace.waiting():
            values = {name: float(value) for name, value in told.items()}
        self._refuse([name for name, value in values.items() if not math.isfinite(value)], seen)
        return values

    def _sound(self, told: Told, seen: int) -> None:
        """Sees that a checkpoint is worth being kept: losses are of the weights before the step."""
        self._finite(told, seen)
        weights = self.model.named_parameters()
        self._refuse([name for name, weight in weights if not bool(weight.isfinite().all())], seen)

    def _refuse(self, lost: list[str], seen: int) -> None:
        """Ends the training where something is no number any more."""
        if not lost:
            return
        last = self.checkpoints.last(self.stage)
        kept = f"the last good checkpoint is {last}" if last else "there is no checkpoint of it yet"
        more = f" and {len(lost) - 3} more" if len(lost) > 3 else ""
        raise BenchError(
            f"stage {self.stage}: {', '.join(lost[:3])}{more} is no number any more after {seen} clips; "
            f"{kept}: train again with a smaller --set stages.{self.stage}.rate, or without bf16, "
            "and with another --out"
        )

    def _look(self, told: Told, seen: int) -> None:
        """Scores val, and saves a checkpoint with its score."""
        self._sound(told, seen)
        judged = metric(self.benchmark.best)
        assert isinstance(judged, FrameMetric)
        value, film = self._judge(judged)
        self.model.begin(self.stage)
        if self.log:
            self.log.values(self.stage, seen, {f"val_{judged.name}": value})
            self.log.clip(self.stage, seen, film)
        self.watch(Event("look", self.stage, seen, self.budget.clips, {judged.name: value}))
        self._save(seen, value)
        self.fabric.barrier()

    def _save(self, seen: int, score: float | None = None) -> None:
        """Writes a checkpoint; the first process does."""
        self._saved = time.monotonic()
        if self.fabric.global_rank:
            return
        pace = self._pace
        point = Point(self.stage, seen, pace.steps, self.recipe.target, score, pace.stepping, pace.so_far())
        self.checkpoints.save(point, self.model, self._optimisers)
        self.checkpoints.tidy(self.stage)

    def _judge(self, judged: FrameMetric) -> tuple[float, npt.NDArray[np.uint8]]:
        """The metric that chooses, over val, and some of its clips above what is drawn of them."""
        self.model.eval()
        drawn = drawer(self.fabric, self.model, self.stage, self.settings.label)
        truth, size, device = SideTruth(self.data, "val"), self.benchmark.size, self.fabric.device
        value = mean_score(truth, drawn, size, judged, self.benchmark.frames, device)
        _, block = next(blocks(truth, _SAMPLES, device))
        with torch.no_grad():
            rows = [to_unit_clips(block.stored_bthwc, size), resample(drawn.draw(block)[0], size)]
        return value, np.concatenate(
            [np.concatenate(list(unit_to_bytes(row).cpu().numpy()), axis=2) for row in rows], axis=1
        )


def _is_out_of_memory(error: RuntimeError) -> bool:
    """A device's own error, or the text of the processor's."""
    said = str(error).lower()
    return isinstance(error, torch.OutOfMemoryError) or any(text in said for text in _NO_ROOM)
