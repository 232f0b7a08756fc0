"""The recipe that a folder is retuned to, and what of a recipe cannot be retuned."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import partial

from skyscene.builder.beside import read_recipe_table, recipe_text
from skyscene.builder.recipe import Recipe, differences, load_recipe, resolve_recipe
from skyscene.errors import RecipeError, StoreError
from skyscene.recipes import resolve_overridden
from skyscene.store import BuildFolder, Change, read_json

_FIXED = {
    "measures": "the stored numbers were measured with the old value",
    "analysis": "the stored numbers were measured with the old value",
    "clips": "every clip would be encoded anew",
    "cache": "every clip would be cached anew",
}


def target_recipe(
    folder: BuildFolder, name: str | None, overrides: Iterable[str], change: Change | None
) -> tuple[Recipe, tuple[str, ...]]:
    """The recipe to go to, and the keys in which it differs from the folder's.

    Args:
        folder: A build folder.
        name: A recipe's name or path; by default the folder's own recipe is changed.
        overrides: ``section.name.key=value``.
        change: A retune that was cut off; by default it is gone on with.

    Raises:
        RecipeError: The recipe is wrong, or asks for what only a new build can do.
    """
    old = read_recipe_table(folder)
    if name:
        recipe = load_recipe(name, overrides)
    else:
        begun = change if change and change.text else None
        table = tomllib.loads(begun.text) if begun else old
        label = begun.recipe if begun else _name_of(folder)
        recipe = resolve_overridden(table, overrides, partial(resolve_recipe, label))
    changed = differences(old, tomllib.loads(recipe_text(recipe)))
    refuse_fixed(changed, folder)
    return recipe, tuple(changed)


def _name_of(folder: BuildFolder) -> str:
    """What the last build called its recipe."""
    try:
        return str(read_json(folder.build_json)["recipe"])
    except (StoreError, KeyError, TypeError):
        return folder.recipe.name


def refuse_fixed(changed: Iterable[str], folder: BuildFolder) -> None:
    """Sees that no value changes that the stored columns do not serve.

    Raises:
        RecipeError: One does; all are named.
    """
    faults = []
    for line in changed:
        section = line.partition(":")[0].partition(".")[0]
        if section in _FIXED:
            faults.append(f"{line}: needs a new build, because {_FIXED[section]}")
    if faults:
        cure = (
            "run `skyscene build SOURCES --out ANOTHER` with it; filters, detectors, windows and bars can be"
        )
        raise RecipeError([*faults, f"{folder.root} cannot be retuned to this: {cure}"])


def refuse_stale(stale: Mapping[str, Mapping[str, tuple[str, str]]], folder: BuildFolder) -> None:
    """Sees that every source was measured by the measures as they are now.

    Args:
        stale: source_id to measure to its version then and now, of those that differ.
        folder: The build folder.

    Raises:
        StoreError: Some were not; which, by what, and the cure.
    """
    if not stale:
        return
    names = sorted({(name, *both) for measures in stale.values() for name, both in measures.items()})
    what = ", ".join(f"{name} {old} (now {new})" for name, old, new in names)
    commits = " ".join(str(folder.content(source_id)) for source_id in sorted(stale)[:3])
    more = f" and {len(stale) - 3} more" if len(stale) > 3 else ""
    raise StoreError(
        f"{len(stale)} sources of {folder.root} were measured by another version of a measure: {what}. "
        f"Delete their commits ({commits}{more}) and run the same `skyscene build` as before, which measures "
        "them again; then retune"
    )
