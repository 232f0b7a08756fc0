"""Components: frozen models whose fields are the parameters and whose methods are the behaviour."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from skyscene.errors import RecipeError
from skyscene.recipes.lookup import nearest


class Settings(BaseModel):
    """A frozen table of parameters; an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, allow_inf_nan=False)


class Component(Settings):
    """A named part of a recipe: ``[filters.NAME]`` makes one.

    Attributes:
        name: Its key in the recipe.
    """

    name: str


Model = TypeVar("Model", bound=BaseModel)


def problems(error: ValidationError, where: str, model: type[BaseModel]) -> list[str]:
    """One line a fault, each with the key's place in the recipe and what would be right."""
    lines = []
    for fault in error.errors():
        key = ".".join(str(part) for part in (where, *fault["loc"]) if part != "")
        if fault["type"] == "extra_forbidden":
            known = _keys(model, fault["loc"][:-1])
            lines.append(f"{key}: unknown key; {nearest(str(fault['loc'][-1]), known)}")
        elif not fault["loc"]:  # of the table as a whole: its own message names the keys
            text = fault["msg"].removeprefix("Value error, ")
            lines.append(f"{where}: {text}" if where else text)
        else:
            lines.append(value_fault(key, fault))
    return lines


def value_fault(key: str, fault: ErrorDetails) -> str:
    """A line for a value that is wrong: its place, what is there, and what would be right."""
    if fault["type"] == "missing":
        return f"{key}: missing"
    how = ", true or false" if fault["type"] == "bool_type" else ""
    return f"{key} = {fault['input']!r}: {fault['msg'][0].lower()}{fault['msg'][1:]}{how}"


def _keys(model: type[BaseModel], place: tuple[int | str, ...]) -> set[str]:
    """The keys of the table at a place below a model's; none where it cannot be said."""
    held: Any = model
    for part in place:
        held = _without_none(_below(held, part))
    if not _is_model(held):
        return set()
    # A component's name is its table's; in other models a key of that name is one like any other.
    return set(held.model_fields) - ({"name"} if issubclass(held, Component) else set())


def _below(held: Any, part: int | str) -> Any:
    """The type of what lies under a key of a model, or in a list or a table of things of one type."""
    if _is_model(held):
        field = held.model_fields.get(part)
        return field.annotation if field else None
    items = [each for each in get_args(held) if each is not Ellipsis]
    return items[-1] if items else None


def _is_model(held: Any) -> bool:
    return isinstance(held, type) and issubclass(held, BaseModel)


def _without_none(held: Any) -> Any:
    """``X`` for ``X | None``."""
    options = [each for each in get_args(held) if each is not type(None)]
    return options[0] if type(None) in get_args(held) and len(options) == 1 else held


def build(model: type[Model], table: Mapping[str, Any], where: str) -> Model:
    """The model made from a table.

    Raises:
        RecipeError: Every fault of the table at once.
    """
    try:
        return model(**table)
    except ValidationError as error:
        raise RecipeError(problems(error, where, model)) from None


def import_target(target: str, where: str) -> Any:
    """What ``package.module:Name`` names.

    Raises:
        RecipeError: The module or the name is not there.
    """
    module_name, _, attribute = target.partition(":")
    if not attribute:
        raise RecipeError(f"{where}.use = {target!r}: write it as package.module:Class")
    try:
        module = importlib.import_module(module_name)
    except Exception as error:  # whatever a module of the user's does when it is imported
        lost = isinstance(error, ModuleNotFoundError) and error.name == module_name.partition(".")[0]
        cure = "; give the command from the folder that holds it, or install it" if lost else ""
        raise RecipeError(f"{where}.use = {target!r}: {type(error).__name__}: {error}{cure}") from None
    try:
        return getattr(module, attribute)
    except AttributeError:
        raise RecipeError(
            f"{where}.use = {target!r}: {module_name} has no {attribute}; {nearest(attribute, vars(module))}"
        ) from None


def resolve(kind: str, tables: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, Any]:
    """The components of one section of a recipe, in its order.

    A component's class is ``use`` (an import path or a known name), else the known one of its own name.

    Args:
        kind: The section: "filters", "detectors", ...
        tables: Name to the component's table.
        known: Shipped names to import paths.

    Raises:
        RecipeError: Every fault of the section at once.
    """
    components: dict[str, Any] = {}
    faults: list[str] = []
    for name, table in tables.items():
        where = f"{kind}.{name}"
        try:
            components[name] = _resolve_one(where, name, table, known)
        except RecipeError as error:
            faults += error.problems
    if faults:
        raise RecipeError(faults)
    return components


def _resolve_one(where: str, name: str, table: Any, known: Mapping[str, str]) -> Any:
    if not isinstance(table, Mapping):
        raise RecipeError(f"{where} = {table!r}: must be a table")
    parameters = dict(table)
    target = parameters.pop("use", name)
    if not isinstance(target, str):
        raise RecipeError(f"{where}.use = {target!r}: must be a name or package.module:Class")
    if ":" not in target:
        if target not in known:
            raise RecipeError(f"{where}: no such component '{target}'; {nearest(target, known)}")
        target = known[target]
    component = import_target(target, where)
    if not (isinstance(component, type) and issubclass(component, Component)):
        raise RecipeError(f"{where}.use = {target!r}: must be a subclass of skyscene.recipes.Component")
    return build(component, {"name": name, **parameters}, where)
