"""Where recipes and manifests are found, and the nearest name for a wrong one."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rapidfuzz import fuzz, process

import skyscene
from skyscene.errors import RecipeError

# Not recipes, though they lie among them: what users look for there, something else reads.
_REGISTERS = {"benchmarks": frozenset({"published"})}


def nearest(name: str, known: Iterable[str]) -> str:
    """A question with the nearest known name, or the list of them, to end a message with.

    >>> nearest("drak", ["dark", "static"])
    'did you mean dark?'
    >>> nearest("x", ["dark", "static"])
    'known: dark, static'
    """
    names = sorted(known)
    # Alike as a whole, else alike in part: "dark" for "score_dark", but not "id" for "vidoe_id".
    match = process.extractOne(name, names, scorer=fuzz.ratio, score_cutoff=60) or process.extractOne(
        name, names, scorer=fuzz.partial_ratio, score_cutoff=90
    )
    if match:
        return f"did you mean {match[0]}?"
    return f"known: {', '.join(names[:20])}" if names else "none is known"


def shipped(kind: str) -> Path:
    """The folder of shipped recipes of a kind ("pipelines", ...): in the wheel, else in a checkout."""
    package = Path(skyscene.__file__).parent
    inside = package / "_recipes" / kind
    return inside if inside.is_dir() else package.parent / kind


def names(kind: str) -> list[str]:
    """Names of the shipped recipes of a kind, sorted."""
    found = {path.stem for path in shipped(kind).glob("*.toml")}
    return sorted(found - _REGISTERS.get(kind, frozenset()))


def find(kind: str, name: str) -> Path:
    """The file of a recipe: a path if it ends in ``.toml``, else a shipped name.

    Raises:
        RecipeError: There is no such file; the nearest name is given.
    """
    if name.endswith(".toml"):
        path = Path(name)
        if not path.is_file():
            raise RecipeError(f"no recipe file {name}")
        return path
    known = names(kind)
    if name not in known:
        raise RecipeError(f"no recipe '{name}' in {kind}/: {nearest(name, known)}")
    return shipped(kind) / f"{name}.toml"
