"""A change to finished sources that survives a kill: noted first, staged a source at a time, and ended last.

While it goes on, commits, caches and tables of a folder need not belong together. So nobody reads the folder
until it has ended, and what was staged whole before a kill is moved to its place after it.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path

from skyscene.errors import StoreError
from skyscene.records import SourceResult
from skyscene.store.atomic import disk_message, read_json, write_json
from skyscene.store.commits import write_result
from skyscene.store.folder import BuildFolder

_NOTE = "change.json"


@dataclass(frozen=True, slots=True)
class Change:
    """What a folder is being turned into.

    Attributes:
        command: Which command does it.
        cure: What finishes it if it is cut off.
        recipe: Name of the recipe it leads to.
        text: That recipe, resolved, as TOML; empty where it does not change.
    """

    command: str
    cure: str
    recipe: str = ""
    text: str = ""


def begin_change(folder: BuildFolder, change: Change) -> None:
    """Notes a change; from here on only the command that does it uses the folder."""
    write_json(folder.changing / _NOTE, asdict(change))


def read_change(folder: BuildFolder) -> Change | None:
    """The change that goes on in a folder or was cut off; none where all is whole."""
    path = folder.changing / _NOTE
    return Change(**read_json(path)) if path.is_file() else None


def end_change(folder: BuildFolder) -> None:
    """Takes the note away, last of all."""
    for path in folder.changing.iterdir() if folder.changing.is_dir() else ():
        if path.name != _NOTE:
            path.unlink()
    (folder.changing / _NOTE).unlink(missing_ok=True)
    if folder.changing.is_dir():
        folder.changing.rmdir()


def staged_cache(folder: BuildFolder, source_id: str) -> Path:
    """Where a source's new cache waits for its commit."""
    return folder.changing / f"{source_id}.npy"


def stage(folder: BuildFolder, result: SourceResult) -> None:
    """Writes a source's new commit beside its staged cache, then moves both to their places."""
    write_result(folder, result, folder.changing / f"{result.source_id}.json")
    settle(folder, result.source_id)


def settle(folder: BuildFolder, source_id: str) -> None:
    """Moves what is staged of a source to its place, the commit last; a cache without a commit is dropped.

    Raises:
        StoreError: The folder may not be written.
    """
    cache, commit = staged_cache(folder, source_id), folder.changing / f"{source_id}.json"
    try:
        if not commit.is_file():
            cache.unlink(missing_ok=True)
            return
        if cache.is_file():
            target = folder.cache(source_id)
            target.parent.mkdir(exist_ok=True)
            os.replace(cache, target)
        os.replace(commit, folder.content(source_id))
    except OSError as error:
        raise StoreError(disk_message(folder.content(source_id), error)) from None


def settle_all(folder: BuildFolder) -> None:
    """Finishes what was staged when a change was cut off."""
    for path in sorted(folder.changing.iterdir()) if folder.changing.is_dir() else ():
        if path.name != _NOTE:
            settle(folder, path.name.partition(".")[0])


def existing(root: Path, changing: bool = False) -> BuildFolder:
    """The build folder at ``root``.

    Args:
        root: Where it is.
        changing: Whether one that is being changed will do.

    Raises:
        StoreError: There is none, or it is being changed.
    """
    folder = BuildFolder(root)
    if not folder.clips.is_file():
        raise StoreError(
            f"{root} is not a build folder (no clips.parquet): run `skyscene build SOURCES --out {root}`"
        )
    if not changing:
        refuse_change(folder)
    return folder


def refuse_change(folder: BuildFolder, but: str = "") -> None:
    """Sees that no change goes on in a folder.

    Args:
        folder: A folder.
        but: The command whose change may.

    Raises:
        StoreError: One goes on or was cut off; the cure is given.
    """
    change = read_change(folder)
    if change and change.command != but:
        raise StoreError(
            f"a {change.command} of {folder.root} is going on or was cut off, and its files are in between: "
            f"wait for it, or finish it with {change.cure}"
        )
