"""Recipe tables: TOML, one ``base``, and ``a.b.c=value`` overrides on top."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from skyscene.errors import RecipeError
from skyscene.recipes.lookup import find, nearest

Table = dict[str, Any]


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


def load(kind: str, name: str, overrides: Iterable[str] = ()) -> Table:
    """A recipe's table with its ``base`` below it and the overrides on top.

    Raises:
        RecipeError: A file is missing or broken, an override names a section that is not there.
    """
    path = find(kind, name)
    table = read_toml(path)
    base = table.pop("base", None)
    if base is not None:
        if not isinstance(base, str):
            raise RecipeError(f"{path}: base must be a recipe's name")
        beside = path.parent / base
        below = read_toml(find(kind, str(beside) if base.endswith(".toml") else base))
        if "base" in below:
            raise RecipeError(f"{path}: base {base} has a base itself; one level is the limit")
        table = layer(below, table)
    return override(table, overrides)


def override(table: Table, overrides: Iterable[str]) -> Table:
    """A table with ``a.b.c=value`` overrides on top.

    Raises:
        RecipeError: An override cannot be read, or names a section that is not there.
    """
    for text in overrides:
        addition = parse_override(text)
        for section in addition:
            if section not in table:
                raise RecipeError(f"--set {text}: no section '{section}': {nearest(section, table)}")
        table = layer(table, addition)
    return table
