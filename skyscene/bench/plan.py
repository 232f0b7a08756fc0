"""Everything that decides a run: written into its folder first, and enough to start it again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import tomli_w
from pydantic import Field

from skyscene.bench.caveats import ONE_SEED
from skyscene.bench.find_data import check_wanted
from skyscene.bench.recipe import (
    BenchmarkRecipe,
    Budget,
    ModelRecipe,
    load_benchmark,
    load_model,
    resolve_benchmark,
    resolve_model,
)
from skyscene.errors import BenchError, RecipeError
from skyscene.recipes import Settings, build, nearest, read_toml
from skyscene.store import write_bytes

RECIPE = "recipe.toml"
Precision = Literal["32", "bf16"]
_FOR_PEOPLE = re.compile(r"model\.facts\.(label|paper|note|open)|model\.stages\..+\.label|run\.preset")


class RunSettings(Settings):
    """What a run is besides its model and its benchmark.

    Attributes:
        model: Name of the model's recipe.
        benchmark: Name of the benchmark's recipe.
        data: The build folder; none for drawn skies.
        policy: Of the published layout: which frames become clips.
        spatial: Of the published layout: how a picture becomes a square.
        clips: Real clips to see in each stage.
        looks: How often val is scored meanwhile.
        budget: Name of the budget, for people.
        seed: Draws weights, the order of clips, and noise.
        size: Side of the model's pictures.
        precision: "32", or "bf16" for bfloat16 autocast.
        accumulate: Micro-batches a step.
        compile: Networks are compiled; their numbers may differ in the last digits.
        channels_last: Weights and pictures lie channels last in memory, which some devices are faster with.
        set_clips: Of how many test clips sets are compared (FVD, KVD); 0 for all.
        preset: Of the model's recipe; none for the recipe as it is.
    """

    model: str
    benchmark: str
    data: str | None
    policy: str
    spatial: str
    clips: int = Field(ge=1)
    looks: int = Field(ge=1)
    budget: str
    seed: int = Field(ge=0, lt=1 << 24)  # 40 more bits say where in the training
    size: int
    precision: Precision
    accumulate: int = Field(ge=1)
    compile: bool = False
    channels_last: bool = False
    set_clips: int = Field(default=0, ge=0)
    preset: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A run before it begins.

    Attributes:
        settings: What was asked for.
        model: The model's recipe.
        benchmark: The benchmark's.
    """

    settings: RunSettings
    model: ModelRecipe
    benchmark: BenchmarkRecipe

    @property
    def budget(self) -> Budget:
        """How long each stage is trained."""
        return Budget(clips=self.settings.clips, looks=self.settings.looks)

    @property
    def name(self) -> str:
        """A name for its folder: model, preset, benchmark, seed."""
        preset = f"-{self.settings.preset}" if self.settings.preset else ""
        return f"{self.model.name}{preset}-{self.protocol}-seed{self.settings.seed}"

    @property
    def protocol(self) -> str:
        """Name of the benchmark, also where its recipe was given as a file."""
        return Path(self.settings.benchmark).name.removesuffix(".toml")

    def table(self) -> dict[str, Any]:
        """All of it as one table."""
        run = {key: value for key, value in self.settings.model_dump().items() if value is not None}
        return {
            "run": run,
            "model": dict(self.model.table),
            "benchmark": self.benchmark.model_dump(mode="json", exclude_none=True),
        }

    def write(self, folder: Path) -> None:
        """Writes it into a run's folder, where none is or nothing was learned by another.

        Raises:
            BenchError: As `check`.
        """
        self.check(folder)
        data = tomli_w.dumps(self.table()).encode()
        path = folder / RECIPE
        if not has_begun(folder) and not (path.is_file() and path.read_bytes() == data):
            write_bytes(path, data)

    def check(self, folder: Path) -> None:
        """Sees that no other plan's run has begun in a folder.

        Raises:
            BenchError: One has; every difference is named.
        """
        if not has_begun(folder):
            return
        there, here = _flat(read_toml(folder / RECIPE)), _flat(self.table())
        decisive = [key for key in {**there, **here} if not _FOR_PEOPLE.fullmatch(key)]
        other = [key for key in decisive if there.get(key) != here.get(key)]
        if other:
            told = "; ".join(f"{key} was {there.get(key)!r}, now {here.get(key)!r}" for key in other[:5])
            raise BenchError(
                f"{folder} holds another run: {told}. Give another --out, or `bench resume {folder}`"
            )


def has_begun(folder: Path) -> bool:
    """Whether a run in a folder has learned anything: a checkpoint is there."""
    return (folder / RECIPE).is_file() and any((folder / "checkpoints").glob("[!.]*/point.json"))


def make_plan(
    model: str,
    *,
    benchmark: str | None = None,
    data: str | Path | None = None,
    budget: str = "short",
    seed: int = 0,
    preset: str | None = None,
    overrides: Iterable[str] = (),
    precision: Precision = "32",
    accumulate: int = 1,
    compile: bool = False,
    channels_last: bool = False,
    policy: str = "nonoverlap32",
    spatial: str = "squash",
) -> Plan:
    """The plan that a command line asks for.

    Args:
        model: A model's recipe.
        benchmark: A benchmark's; by default sky128 or sky64 with data, by the model's size, else synthsky64.
        data: A build folder; none for drawn skies.
        budget: A name of the benchmark's, or a number of clips.
        seed: Draws weights, order and noise.
        preset: A preset of the model's recipe.
        overrides: ``stages.base.batch=8`` and the like, of the model's recipe.
        precision: "32" or "bf16".
        accumulate: Micro-batches a step.
        compile: Compile the networks.
        channels_last: Keep weights and pictures channels last in memory.
        policy: Of the published layout: which frames become clips.
        spatial: Of the published layout: how a picture becomes a square.

    Raises:
        RecipeError: Something is not known or does not fit; the nearest name is given.
        BenchError: The benchmark wants data and there are none, or the other way round.
    """
    overrides = tuple(overrides)
    recipe = load_model(model, preset, overrides)
    by_default = f"sky{128 if recipe.facts.size >= 128 else 64}" if data else "synthsky64"
    name = benchmark or by_default
    protocol = load_benchmark(name)
    check_wanted(name, protocol, data)
    size = _size(recipe, protocol, name)
    chosen = _budget(budget, protocol, name)
    if chosen.batch:
        capped = [
            f"stages.{k}.batch={chosen.batch}" for k, of in recipe.stages.items() if of.batch > chosen.batch
        ]
        recipe = load_model(model, preset, [*capped, *overrides])
    asked = dict(
        model=model,
        benchmark=name,
        data=str(Path(data).absolute()) if data else None,
        policy=policy,
        spatial=spatial,
        clips=chosen.clips,
        looks=chosen.looks,
        budget=budget,
        seed=seed,
        size=size,
        precision=precision,
        accumulate=accumulate,
        compile=compile,
        channels_last=channels_last,
        set_clips=chosen.set_clips,
        preset=preset,
    )
    return Plan(build(RunSettings, asked, "run"), recipe, protocol)


def read_plan(folder: Path) -> Plan:
    """The plan in a run's folder.

    Raises:
        BenchError: It is not a run's folder.
        RecipeError: The plan was edited and is wrong; every fault at once.
    """
    if not (folder / RECIPE).is_file():
        raise BenchError(f"{folder} is not a run: it has no {RECIPE}")
    table = read_toml(folder / RECIPE)
    missing = [key for key in ("run", "model", "benchmark") if not isinstance(table.get(key), Mapping)]
    if missing:
        raise RecipeError([f"{folder / RECIPE}: {key}: missing" for key in missing])
    settings = build(RunSettings, {"data": None, **table["run"]}, "run")
    return Plan(
        settings,
        resolve_model(settings.model.removesuffix(".toml").rpartition("/")[2], table["model"]),
        resolve_benchmark(table["benchmark"]),
    )


def _size(recipe: ModelRecipe, protocol: BenchmarkRecipe, name: str) -> int:
    """The side of the model's pictures in a benchmark."""
    size = min(recipe.facts.size, protocol.data.size)
    if size not in recipe.facts.sizes:
        raise BenchError(f"{recipe.name} has no networks for {size} pixels, which {name} is made of")
    if size < protocol.size:
        raise BenchError(
            f"{recipe.name} draws {size} pixels and {name} is scored at {protocol.size}: "
            f"give --benchmark sky{size}"
        )
    return size


def _budget(budget: str, protocol: BenchmarkRecipe, name: str) -> Budget:
    if budget in protocol.budgets:
        return protocol.budgets[budget]
    if budget.isdecimal() and int(budget):
        longer = [known for known in protocol.budgets.values() if known.clips >= int(budget)]
        next_above = min(longer, key=lambda known: known.clips, default=None)
        return Budget(clips=int(budget), looks=10, set_clips=next_above.set_clips if next_above else 0)
    raise RecipeError(
        f"no budget '{budget}' in {name}; {nearest(budget, protocol.budgets)}, or a number of clips"
    )


def _flat(table: Mapping[str, Any], where: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{where}{key}.")
        else:
            flat[where + key] = list(value) if isinstance(value, tuple) else value
    return flat


_YOUNG = 1000
"""Clips a stage under which the table says that it shows no trained model."""


def plan_notes(plan: Plan) -> list[str]:
    """What a reader of a run's table has to know."""
    notes = []
    if plan.settings.clips < _YOUNG:
        notes.append(
            f"{plan.settings.clips} clips a stage are a look, not a training: "
            "these networks know next to nothing yet."
        )
    notes.append(ONE_SEED)
    if plan.model.facts.note:
        notes.append(f"{plan.model.facts.label}: {plan.model.facts.note}.")
    if plan.settings.accumulate > 1:
        notes.append(f"Batch norm saw {plan.settings.accumulate} micro-batches a step, one at a time.")
    return notes
