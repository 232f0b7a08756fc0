"""Recipes of models (`models/*.toml`) and of benchmarks (`benchmarks/*.toml`), read and checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from skyscene.errors import RecipeError
from skyscene.metrics import FrameMetric, metric
from skyscene.recipes import Settings, build, import_target, load, nearest, resolve_overridden, unfit
from skyscene.recipes.table import Table, layer

_Decay = Annotated[float, Field(ge=0, lt=1)]


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
    betas: tuple[_Decay, _Decay]
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
    """A model's recipe with a preset and overrides on top; its labels name both, wherever its numbers go.

    Args:
        name: A shipped recipe, or a path that ends in ``.toml``.
        preset: A table of ``[presets]``: what differs from the rest.
        overrides: ``stages.base.batch=8`` and the like.

    Raises:
        RecipeError: Every fault at once.
    """
    whole = load("models", name)
    if {"run", "model", "benchmark"} <= whole.keys():
        raise RecipeError(
            f"{name} is the plan of a run and no model's recipe: copied into a folder of its own, "
            "`bench resume FOLDER` trains what it says"
        )
    table, faults = _with_preset(name, whole, preset)
    short = name.removesuffix(".toml").rpartition("/")[2]
    found = resolve_overridden(table, overrides, lambda overlaid: resolve_model(short, overlaid), faults)
    asked = table["model"]
    other = [f"{key}={value}" for key, value in found.table["model"].items() if value != asked.get(key)]
    return _marked(found, [*([preset] if preset else []), *other])


def _marked(recipe: ModelRecipe, marks: Sequence[str]) -> ModelRecipe:
    """The same, called by what makes it another model than its recipe's."""
    if not marks:
        return recipe
    told = f" ({', '.join(marks)})"
    stages = {stage: {"label": settings.label + told} for stage, settings in recipe.stages.items()}
    labels = {"facts": {"label": recipe.facts.label + told}, "stages": stages}
    return resolve_model(recipe.name, layer(recipe.table, labels))


def _with_preset(name: str, table: Table, preset: str | None) -> tuple[Table, list[str]]:
    """A recipe's table without its presets, one of them on top; and what is wrong with them."""
    presets = table.pop("presets", {})
    if not isinstance(presets, Mapping):
        return table, [f"presets = {presets!r}: must be a table"]
    tables = {key: each for key, each in presets.items() if isinstance(each, Mapping)}
    faults = [
        f"presets.{key} = {each!r}: must be a table" for key, each in presets.items() if key not in tables
    ]
    if preset is not None and preset not in presets:
        faults.append(f"{name} has no preset '{preset}': {nearest(preset, presets)}")
    return layer(table, tables.get(preset or "", {})), faults


def resolve_model(name: str, table: Mapping[str, Any]) -> ModelRecipe:
    """The recipe in a table.

    Raises:
        RecipeError: Every fault at once.
    """
    sections, faults = _sections(table)
    facts: Any = _checked(Facts, sections["facts"], "facts", faults) if "facts" in sections else None
    parameters = dict(sections.get("model", {}))
    target = parameters.pop("use", None)
    model = _model_class(target, parameters, faults) if "model" in sections else None
    tables = sections.get("stages", {})
    stages = {key: _checked(StageSettings, value, f"stages.{key}", faults) for key, value in tables.items()}
    named = tuple(getattr(model, "stages", ()))
    if model is not None and "stages" in sections and tuple(stages) != named:
        wanted = ", ".join(named) or "stages, which the class does not name"
        faults.append(f"stages: {', '.join(stages) or 'none'}; {target} has {wanted}")
    if faults:
        raise RecipeError(faults)
    return ModelRecipe(name, facts, target, parameters, stages, table)


def load_benchmark(name: str, overrides: Iterable[str] = ()) -> BenchmarkRecipe:
    """A benchmark's recipe.

    Raises:
        RecipeError: Every fault at once.
    """
    return resolve_overridden(load("benchmarks", name), overrides, resolve_benchmark)


def resolve_benchmark(table: Mapping[str, Any]) -> BenchmarkRecipe:
    """The benchmark in a table.

    Raises:
        RecipeError: Every fault at once.
    """
    recipe = build(BenchmarkRecipe, table, "")
    faults: list[str] = []
    for name in recipe.metrics:
        try:
            metric(name)
        except RecipeError as error:
            faults += error.problems
    if recipe.best not in recipe.metrics:
        faults.append(f"best = {recipe.best!r}: not among metrics; {nearest(recipe.best, recipe.metrics)}")
    if faults:
        raise RecipeError(faults)
    judge = metric(recipe.best)
    if not isinstance(judge, FrameMetric) or judge.needs or judge.goal == "one":
        raise RecipeError(
            f"best = {recipe.best!r}: val is scored with it: it must be a frame's, and need no weights"
        )
    return recipe


_SECTIONS = ("facts", "model", "stages")


def _sections(table: Mapping[str, Any]) -> tuple[dict[str, Mapping[str, Any]], list[str]]:
    """Those sections of a model's recipe that are tables, and what is wrong with the rest."""
    faults = [f"{key}: unknown key; {nearest(key, _SECTIONS)}" for key in table if key not in _SECTIONS]
    faults += [f"{key}: missing" for key in _SECTIONS if key not in table]
    found = {key: table[key] for key in _SECTIONS if key in table}
    faults += [
        f"{key} = {each!r}: must be a table" for key, each in found.items() if not isinstance(each, Mapping)
    ]
    return {key: each for key, each in found.items() if isinstance(each, Mapping)}, faults


def _checked(kind: type[Any], table: Any, where: str, faults: list[str]) -> Any:
    if not isinstance(table, Mapping):
        faults.append(f"{where} = {table!r}: must be a table")
        return None
    try:
        return build(kind, table, where)
    except RecipeError as error:
        faults += error.problems
        return None


def _model_class(target: Any, parameters: Mapping[str, Any], faults: list[str]) -> Any:
    """The class that a recipe names, its arguments checked; none where there is none."""
    if not isinstance(target, str):
        is_now = "model.use: missing;" if target is None else f"model.use = {target!r}:"
        faults.append(f"{is_now} write it as package.module:Class")
        return None
    try:
        model = import_target(target, "model")
    except RecipeError as error:
        faults += error.problems
        return None
    faults += unfit(model, parameters, "model", given=("size",))
    return model
