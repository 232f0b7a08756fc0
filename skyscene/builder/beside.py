"""What is written beside the output: the resolved recipe, and the facts of the last run."""

from __future__ import annotations

import platform
import time
import tomllib
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import tomli_w

import skyscene
from skyscene.builder.funnel import Funnel
from skyscene.builder.recipe import Recipe, differences
from skyscene.errors import StoreError
from skyscene.store import BuildFolder, write_bytes, write_json

_TOOLS = ("av", "imageio-ffmpeg", "numpy", "opencv-python-headless", "pyarrow", "scenedetect-headless")
_MOST_SHOWN = 5


def read_recipe_table(folder: BuildFolder) -> dict[str, Any]:
    """The resolved recipe of a build folder as a table.

    Raises:
        StoreError: Missing or broken.
    """
    try:
        return tomllib.loads(folder.recipe.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(f"{folder.recipe} cannot be read: {error}") from None


def check_place(folder: BuildFolder) -> None:
    """Sees that a folder is a build folder, empty, or not there; touches nothing.

    Raises:
        StoreError: It holds something else.
    """
    if folder.root.exists() and not folder.root.is_dir():
        raise StoreError(f"{folder.root} is a file: give another --out")
    if folder.recipe.is_file() or not folder.root.is_dir():
        return
    if any(path.name != folder.lock.name for path in folder.root.iterdir()):
        raise StoreError(f"{folder.root} is not empty and not a build folder: give another --out")


def check_recipe(folder: BuildFolder, recipe: Recipe) -> None:
    """Writes the resolved recipe beside the output, or sees that it is the one that is there.

    How sources are fetched and limited may change from run to run; what decides the content may not.

    Raises:
        StoreError: The folder was built by another recipe.
    """
    if folder.recipe.is_file() and any(folder.contents.glob("*.json")):
        changed = differences(read_recipe_table(folder), tomllib.loads(recipe_text(recipe)))
        if changed:
            more = f"; and {len(changed) - _MOST_SHOWN} more" if len(changed) > _MOST_SHOWN else ""
            raise StoreError(
                f"{folder.root} was built by another recipe ({'; '.join(changed[:_MOST_SHOWN])}{more}): "
                f"give the same one (it is {folder.recipe}), retune the folder, or give another --out"
            )
    write_recipe(folder, recipe)


def recipe_text(recipe: Recipe) -> str:
    """A resolved recipe as TOML."""
    return tomli_w.dumps(recipe.table)


def write_recipe(folder: BuildFolder, recipe: Recipe) -> None:
    """Writes the resolved recipe beside the output."""
    write_bytes(folder.recipe, recipe_text(recipe).encode())


def write_build_json(folder: BuildFolder, recipe: Recipe, counts: Funnel, built: int, seconds: float) -> None:
    """The only file that holds times and versions of tools."""
    write_json(
        folder.build_json,
        {
            "skyscene": skyscene.__version__,
            "recipe": recipe.name,
            "resolved": recipe.table,
            "measures": {name: measure.version for name, measure in recipe.measures.items()},
            "funnel": counts.as_dict(),
            "built_now": built,
            "seconds": round(seconds, 3),
            "finished": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "python": platform.python_version(),
            "platform": platform.platform(),
            "packages": {name: _version(name) for name in _TOOLS},
        },
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
