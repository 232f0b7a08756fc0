"""A manifest: a table (CSV, TSV, Parquet) or a plain list (txt) of videos."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from skyscene.collect.grid import Grid, is_foreign, read_delimited, read_lines, read_parquet
from skyscene.collect.locator import file_locator, is_url, is_video_id, locator
from skyscene.errors import ManifestError
from skyscene.recipes import nearest
from skyscene.records import Kind, SourceRef

SUFFIXES = frozenset({".csv", ".tsv", ".parquet", ".txt"})
"""A file named so is a manifest."""

PLACE_COLUMNS = ("path", "url", "video_id", "id")
"""Columns that say where a video is; of those filled in a row the first here counts."""

SPLIT_COLUMNS = ("official_split", "split")
"""Columns that give a published side."""

SIDES: Mapping[str, str] = {
    "train": "train",
    "training": "train",
    "sky_train": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "dev": "val",
    "sky_val": "val",
    "test": "test",
    "testing": "test",
    "sky_test": "test",
}
"""What a split column may say."""

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """The rows of one manifest, in its order, repeats included.

    Attributes:
        rows: Where each was written (``file:line``), and what it names.
        notices: What the user should know of the file.
    """

    rows: tuple[tuple[str, SourceRef], ...]
    notices: tuple[str, ...] = ()


def ref_of(locator_: str, extras: Mapping[str, str], side: str | None = None) -> SourceRef:
    """The reference for a canonical locator."""
    prefix = locator_.partition(":")[0]
    kind: Kind = "file" if prefix == "file" else "youtube" if prefix == "youtube" else "url"
    return SourceRef(kind, locator_, extras, side)


def fail_all(faults: Sequence[str], where: str) -> None:
    """Does nothing where there is no fault.

    Raises:
        ManifestError: There are faults: the first twenty and how many there are.
    """
    if faults:
        more = [f"... and {len(faults) - _SHOWN} more"] if len(faults) > _SHOWN else []
        count = f"{len(faults)} bad row{'s' if len(faults) > 1 else ''}"
        raise ManifestError("\n".join([f"{where}: {count}", *faults[:_SHOWN], *more]))


def read_manifest(path: Path) -> Manifest:
    """The rows of a manifest; relative paths in it are relative to its folder.

    Raises:
        ManifestError: Not readable, empty, without a usable column, or with bad rows (all are named).
    """
    try:
        if path.suffix.lower() == ".txt":
            return _plain(path)
        grid = read_parquet(path) if path.suffix.lower() == ".parquet" else read_delimited(path)
    except OSError as error:
        raise ManifestError(f"cannot read {path}: {error.strerror or error}") from None
    return _table(path, grid)


def _table(path: Path, grid: Grid) -> Manifest:
    places = [name for name in PLACE_COLUMNS if name in grid.columns]
    if not places:
        hints = [f"{name!r}: {nearest(name, PLACE_COLUMNS)}" for name in grid.columns[:8]]
        close = [hint for hint in hints if "did you mean" in hint]
        have = f"its columns are {', '.join(repr(name) for name in grid.columns[:8])}"
        wanted = f"{path}: no column of {', '.join(PLACE_COLUMNS)} in its first line"
        if len(grid.columns) == 1 and not close:
            close = ["a list without a first line of names ends in .txt"]
        raise ManifestError("; ".join([wanted, have, *close[:3]]))
    splits = [name for name in SPLIT_COLUMNS if name in grid.columns]
    rows: list[tuple[str, SourceRef]] = []
    faults: list[str] = []
    name, folder = str(path), str(path.parent)
    for line, cells in grid.rows:
        where = f"{name}:{line}"
        if isinstance(cells, str):
            faults.append(f"{where}: {cells}")
            continue
        try:
            rows.append((where, _row(cells, places, splits, folder)))
        except ValueError as fault:
            faults.append(f"{where}: {fault}")
    fail_all(faults, str(path))
    if not rows:
        raise ManifestError(f"{path}: has no rows")
    spare = [name for name in grid.columns if name not in {*PLACE_COLUMNS, *SPLIT_COLUMNS}]
    notices = [f"{path}: columns carried along, not used: {', '.join(spare)}"] if spare else []
    return Manifest(tuple(rows), (*notices, *_foreign(path, grid.foreign)))


def _foreign(path: Path, is_foreign: bool) -> list[str]:
    return [f"{path}: not UTF-8, so some names may not be found; save it as UTF-8"] if is_foreign else []


def _row(cells: dict[str, str], places: Sequence[str], splits: Sequence[str], folder: str) -> SourceRef:
    side = None
    for name in splits:
        text = cells.pop(name).strip()
        if text and side is None:
            side = SIDES.get(text.lower())
            if side is None:
                raise ValueError(f"{name} {text!r} is not train, val or test")
    for name in places:
        text = cells[name] if name == "path" else cells[name].strip()
        if not text:
            continue
        del cells[name]
        if name == "path" and not is_url(text):
            found = file_locator(os.path.join(folder, text))
        else:
            found = _locate(text, name)
        return ref_of(found, {key: value for key, value in cells.items() if value}, side)
    raise ValueError(f"nothing in {' or '.join(places)}")


def _locate(text: str, name: str) -> str:
    try:
        return locator(text, bare_ids=True)
    except ValueError as fault:
        raise ValueError(f"{name} {text!r} {fault}") from None


def _plain(path: Path) -> Manifest:
    rows: list[tuple[str, SourceRef]] = []
    faults: list[str] = []
    foreign = False
    for line, text in read_lines(path):
        where = f"{path}:{line}"
        foreign |= is_foreign(text)
        try:
            rows.append((where, ref_of(_line(text, path.parent), {})))
        except ValueError as fault:
            faults.append(f"{where}: {fault}")
    fail_all(faults, str(path))
    if not rows:
        raise ManifestError(f"{path}: has no rows")
    return Manifest(tuple(rows), tuple(_foreign(path, foreign)))


def _line(text: str, folder: Path) -> str:
    """The locator of one line of a list: an id or address, else a path (with a / or a suffix, or there)."""
    if is_video_id(text) or is_url(text) or text.startswith(("youtube:", "url:", "file:/")) or "://" in text:
        return _locate(text, "line")
    path = os.path.join(folder, text)
    if "/" in text or os.sep in text or os.path.splitext(text)[1] or os.path.isfile(path):
        return file_locator(path)
    raise ValueError(f"{text!r} is neither a video id (eleven of A-Z a-z 0-9 _ -), an address nor a file")
