"""Recipes of models (`models/*.toml`) and of benchmarks (`benchmarks/*.toml`), read and checked."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from skyscene.errors import RecipeError
from skyscene.metrics import FrameMetric, metric
from skyscene.recipes import Settings, build, import_target, load, nearest, override
from skyscene.recipes.table import layer


class StageSettings(Settings):
    """How one stage is trained.

    Attributes:
        label: What a table calls the model after this stage.
        batch: Clips a step.
        rate: Adam's learning rate.
        betas: Adam's decay rates.
        weight_decay: Adam's.
    """

    label: str
    batch: int = Field(ge=1)
    rate: float = Field(gt=0)
    betas: tuple[float, float]
    weight_decay: float = Field(ge=0)


class Facts(Settings):
    """What a model is, for people.

    Attributes:
        label: Its name in a table.
        paper: Where it is published.
        note: What a reader of its numbers has to know.
        size: Side of its pictures in pixels, where the benchmark's data are large enough.
        sizes: All sizes that it has networks for.
        open: What the paper leaves open, and what was decided.
    """

    label: str
    paper: str
    note: str
    size: int = Field(ge=8)
    sizes: tuple[int, ...]
    open: tuple[str, ...]


class Budget(Settings):
    """How long to train.

    Attributes:
        clips: Real clips seen, in each stage.
        looks: How often the val side is scored meanwhile.
        batch: No stage takes more clips at once: in a short look, many small steps tell more than a few
            large ones. 0 leaves it to the model's recipe.
        set_clips: Of how many test clips sets are compared (FVD, KVD); 0 for all.
    """

    clips: int = Field(ge=1)
    looks: int = Field(ge=1)
    batch: int = Field(default=0, ge=0)
    set_clips: int = Field(default=0, ge=0)


class DataSettings(Settings):
    """Where a benchmark's clips come from.

    Attributes:
        kind: A folder that the user names, a list of VGAN's strips in one, or skies that are drawn.
        size: Side of the largest pictures that the data are for; larger models take part at this size.
        sources: How many skies are drawn; 0 for a folder.
        val: Share of them for val; of strips, the share of those to learn from.
        test: Share of them for test; of strips, what is not there to learn from.
        seed: Varies the skies; of strips, draws the sides.
        wind: Of every drawn sky, in pixels a frame of a picture 360 high (right, away); none for its own.
        strips: Name of the list of strips.
        pairs: How many strips are scored, drawn from the test share; 0 for all.
    """

    kind: Literal["folder", "strips", "drawn"]
    size: int = Field(ge=8)
    sources: int = Field(ge=0)
    val: float = Field(ge=0, lt=1)
    test: float = Field(ge=0, lt=1)
    seed: int
    wind: tuple[float, float] | None = None
    strips: str = ""
    pairs: int = Field(default=0, ge=0)


class BenchmarkRecipe(Settings):
    """A protocol; one evaluation size.

    Attributes:
        version: Raised when a number could change.
        about: A line for `bench list`.
        size: Side of the pictures that are scored.
        resampler: Spec of what brings outputs and truth to that size.
        frames: Frames of a clip that are scored, half-open; output 0 stands in the input's own place.
        metrics: What is reported.
        best: The metric that chooses a checkpoint, on val.
        data: Where the clips come from.
        budgets: By name.
    """

    version: int = Field(ge=1)
    about: str
    size: int = Field(ge=8)
    resampler: Literal["bilinear-antialias/1"]
    frames: tuple[int, int]
    metrics: tuple[str, ...]
    best: str
    data: DataSettings
    budgets: dict[str, Budget]


@dataclass(frozen=True, slots=True)
class ModelRecipe:
    """A model as a recipe gives it.

    Attributes:
        name: The recipe's name.
        facts: For people.
        target: Import path of its class.
        parameters: Its keyword arguments but for ``size``.
        stages: In the order of training.
        table: All of it, as resolved: what is written beside a run.
    """

    name: str
    facts: Facts
    target: str
    parameters: Mapping[str, Any]
    stages: Mapping[str, StageSettings]
    table: Mapping[str, Any]


def load_model(name: str, preset: str | None = None, overrides: Iterable[str] = ()) -> ModelRecipe:
    """A model's recipe with a preset and overrides on top.

    Args:
        name: A shipped recipe, or a path that ends in ``.toml``.
        preset: A table of ``[presets]``: what differs from the rest.
        overrides: ``stages.base.batch=8`` and the like.

    Raises:
        RecipeError: Every fault at once.
    """
    table = load("models", name)
    presets = table.pop("presets", {})
    if preset is not None:
        if preset not in presets:
            raise RecipeError(f"{name} has no preset '{preset}': {nearest(preset, presets)}")
        table = layer(table, presets[preset])
    return resolve_model(name.removesuffix(".toml").rpartition("/")[2], override(table, overrides))


def resolve_model(name: str, table: Mapping[str, Any]) -> ModelRecipe:
    """The recipe in a table.

    Raises:
        RecipeError: Every fault at once.
    """
    faults = [f"{key}: unknown key; {nearest(key, _SECTIONS)}" for key in table if key not in _SECTIONS] + [
        f"{key}: missing" for key in _SECTIONS if key not in table
    ]
    facts = _checked(Facts, table.get("facts", {}), "facts", faults)
    parameters = dict(table.get("model", {}))
    target = parameters.pop("use", None)
    model: Any = None
    if not isinstance(target, str):
        faults.append("model.use: missing; write it as package.module:Class")
    else:
        try:
            model = import_target(target, "model")
            faults += _unfit(model, parameters)
        except RecipeError as error:
            faults += error.problems
    tables = table.get("stages", {})
    stages = {key: _checked(StageSettings, value, f"stages.{key}", faults) for key, value in tables.items()}
    if model is not None and tuple(stages) != tuple(getattr(model, "stages", ())):
        wanted = ", ".join(getattr(model, "stages", ())) or "stages, which the class does not name"
        faults.append(f"stages: {', '.join(stages) or 'none'}; {target} has {wanted}")
    if faults:
        raise RecipeError(faults)
    return ModelRecipe(name, facts, target, parameters, stages, table)


def load_benchmark(name: str, overrides: Iterable[str] = ()) -> BenchmarkRecipe:
    """A benchmark's recipe.

    Raises:
        RecipeError: Every fault at once.
    """
    return resolve_benchmark(load("benchmarks", name, overrides))


def resolve_benchmark(table: Mapping[str, Any]) -> BenchmarkRecipe:
    """The benchmark in a table.

    Raises:
        RecipeError: Every fault at once.
    """
    recipe = build(BenchmarkRecipe, table, "")
    for name in recipe.metrics:
        metric(name)
    if recipe.best not in recipe.metrics:
        raise RecipeError(
            f"best = {recipe.best!r}: not among metrics; {nearest(recipe.best, recipe.metrics)}"
        )
    judge = metric(recipe.best)
    if not isinstance(judge, FrameMetric) or judge.needs or judge.goal == "one":
        raise RecipeError(
            f"best = {recipe.best!r}: val is scored with it: it must be a frame's, and need no weights"
        )
    return recipe


_SECTIONS = ("facts", "model", "stages")


def _checked(kind: type[Any], table: Any, where: str, faults: list[str]) -> Any:
    if not isinstance(table, Mapping):
        faults.append(f"{where} = {table!r}: must be a table")
        return None
    try:
        return build(kind, table, where)
    except RecipeError as error:
        faults += error.problems
        return None


def _unfit(model: Any, parameters: Mapping[str, Any]) -> list[str]:
    """Keyword arguments that a class does not take, and those that it lacks."""
    if not callable(model):
        return ["model.use: not a class"]
    known = {key: given for key, given in inspect.signature(model).parameters.items() if key != "size"}
    if any(given.kind is given.VAR_KEYWORD for given in known.values()):
        return []
    wanted = [key for key, given in known.items() if given.default is given.empty]
    return [f"model.{key}: unknown key; {nearest(key, known)}" for key in parameters if key not in known] + [
        f"model.{key}: missing" for key in wanted if key not in parameters
    ]
