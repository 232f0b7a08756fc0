"""Recipe tables: TOML, one ``base``, and ``a.b.c=value`` overrides on top."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from skyscene.errors import RecipeError
from skyscene.recipes.lookup import find, nearest

Table = dict[str, Any]
Made = TypeVar("Made")


def read_toml(path: Path) -> Table:
    """The table in a TOML file.

    Raises:
        RecipeError: Not readable, or not TOML; the line is given.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise RecipeError(f"cannot read {path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RecipeError(f"{path}: not valid TOML: {error}") from None


def layer(below: Mapping[str, Any], above: Mapping[str, Any]) -> Table:
    """``above`` laid over ``below``, table by table; ``false`` in place of a table takes it out.

    >>> layer({"filters": {"dark": {"max_p99": 30}, "static": {}}}, {"filters": {"static": False}})
    {'filters': {'dark': {'max_p99': 30}}}
    """
    merged: Table = dict(below)
    for key, value in above.items():
        if isinstance(value, Mapping):
            old = merged.get(key)
            merged[key] = layer(old if isinstance(old, Mapping) else {}, value)
        elif value is False and isinstance(merged.get(key), Mapping):
            del merged[key]
        else:
            merged[key] = value
    return merged


def parse_override(text: str) -> Table:
    """The table that ``a.b.c=value`` stands for; the value is TOML, else a plain string.

    >>> parse_override("filters.dark.max_p99=40")
    {'filters': {'dark': {'max_p99': 40}}}

    Raises:
        RecipeError: There is no ``=``, or the key is empty.
    """
    key, equals, raw = text.partition("=")
    parts = [part.strip() for part in key.split(".")]
    if not equals or not all(parts):
        raise RecipeError(f"--set {text}: write it as section.name.key=value")
    try:
        value: Any = tomllib.loads(f"value = {raw}")["value"]
    except tomllib.TOMLDecodeError:
        value = raw.strip()
    for part in reversed(parts):
        value = {part: value}
    return dict(value)


def load(kind: str, name: str) -> Table:
    """A recipe's table with its ``base`` below it.

    Raises:
        RecipeError: A file is missing or broken.
    """
    path = find(kind, name)
    table = read_toml(path)
    base = table.pop("base", None)
    if base is None:
        return table
    if not isinstance(base, str):
        raise RecipeError(f"{path}: base must be a recipe's name")
    beside = path.parent / base
    below = read_toml(find(kind, str(beside) if base.endswith(".toml") else base))
    if "base" in below:
        raise RecipeError(f"{path}: base {base} has a base itself; one level is the limit")
    return layer(below, table)


def resolve_overridden(
    table: Mapping[str, Any],
    overrides: Iterable[str],
    resolver: Callable[[Table], Made],
    faults: Iterable[str] = (),
) -> Made:
    """What is made of a table with ``a.b.c=value`` overrides on top.

    A wrong override is left out and the rest is resolved all the same, so that all faults are found at once.

    Args:
        table: The recipe's.
        overrides: Later ones go over earlier ones.
        resolver: Makes it, or raises `RecipeError`.
        faults: What is known to be wrong already.

    Raises:
        RecipeError: Every fault: those known already, of the overrides, and of the table beneath them.
    """
    overlaid, found = _overlay(table, overrides)
    found = [*faults, *found]
    try:
        made = resolver(overlaid)
    except RecipeError as error:
        raise RecipeError([*found, *error.problems]) from None
    if found:
        raise RecipeError(found)
    return made


def _overlay(table: Mapping[str, Any], overrides: Iterable[str]) -> tuple[Table, list[str]]:
    """The table with those overrides on top that fit, and a line for each other."""
    overlaid, faults = dict(table), []
    for text in overrides:
        try:
            addition = parse_override(text)
        except RecipeError as error:
            faults += error.problems
            continue
        (section,) = addition
        if section in table:
            overlaid = layer(overlaid, addition)
        else:
            faults.append(f"--set {text}: no section '{section}': {nearest(section, table)}")
    return overlaid, faults
