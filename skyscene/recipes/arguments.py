"""Arguments of a class that a recipe names, held against the class's signature."""

from __future__ import annotations

import inspect
import json
from collections.abc import Collection, Mapping
from types import SimpleNamespace
from typing import Any, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError

from skyscene.recipes.component import value_fault
from skyscene.recipes.lookup import nearest

_STRICT = ConfigDict(strict=True, allow_inf_nan=False)
_BY_NAME = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


def unfit(target: Any, arguments: Mapping[str, Any], where: str, given: Collection[str] = ()) -> list[str]:
    """One line for each argument that a class does not take, or lacks, or whose value is of another kind.

    A value is held against its parameter's annotation, as pydantic reads it. Where that tells nothing (it is
    not there, or a class of the user's own, or a name that only type checkers import), any value will do.

    Args:
        target: The class.
        arguments: Name to value, as TOML has it; the class gets the value as it is, so nothing is converted.
        where: The table's place in the recipe.
        given: Parameters that do not come from the recipe.
    """
    try:
        parameters = inspect.signature(target).parameters
    except (TypeError, ValueError):  # not to be called, or built in
        return [f"{where}.use: not a class whose arguments can be read"]
    known = {key: each for key, each in parameters.items() if each.kind in _BY_NAME and key not in given}
    takes_any = any(each.kind is each.VAR_KEYWORD for each in parameters.values())
    faults = [
        f"{where}.{key}: unknown key; {nearest(key, known)}"
        for key in arguments
        if key not in known and not takes_any
    ]
    faults += [
        f"{where}.{key}: missing"
        for key, each in known.items()
        if each.default is each.empty and key not in arguments
    ]
    names = _names(target)
    for key, value in arguments.items():
        if key in known and known[key].annotation is not inspect.Parameter.empty:
            faults += _misfits(f"{where}.{key}", value, known[key].annotation, names)
    return faults


def _names(target: Any) -> dict[str, Any]:
    """What the names in a class's annotations stand for: those of the module that they are written in."""
    maker = inspect.getattr_static(target, "__init__") if inspect.isclass(target) else target
    names: dict[str, Any] = getattr(inspect.unwrap(maker), "__globals__", {})
    return names


def _misfits(place: str, value: Any, annotation: Any, names: dict[str, Any]) -> list[str]:
    # By itself, so that a name that is not known spoils no other annotation's check.
    alone = SimpleNamespace(__annotations__={"it": annotation})
    try:
        adapter = TypeAdapter(get_type_hints(alone, names, include_extras=True)["it"], config=_STRICT)
    except Exception:  # whatever a user's annotation is, it is no fault of the recipe
        return []
    try:
        # Strict, so that "no" is no boolean and "4" no number; as JSON, in which a list is still a tuple.
        adapter.validate_json(json.dumps(value, default=str))
    except ValidationError as error:
        return [value_fault(".".join(map(str, (place, *fault["loc"]))), fault) for fault in error.errors()]
    return []
