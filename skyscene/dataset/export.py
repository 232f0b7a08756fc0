"""`skyscene export`: kept clips in the formats that others read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from skyscene.dataset.clip_set import ClipSet, open_clips, split_first
from skyscene.dataset.exporters.names import is_safe_id
from skyscene.dataset.exporters.protocol import Exporter, Tick
from skyscene.dataset.staging import staged_folder
from skyscene.errors import StoreError
from skyscene.recipes import import_target, nearest
from skyscene.records import Side

FORMATS: Mapping[str, str] = {
    "official": "skyscene.dataset.exporters.official:OfficialExporter",
    "webdataset": "skyscene.dataset.exporters.webdataset:WebDatasetExporter",
    "hf": "skyscene.dataset.exporters.huggingface:HuggingFaceExporter",
    "npz": "skyscene.dataset.exporters.npz:NpzExporter",
}
"""The shipped formats: name to import path."""


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export wrote.

    Attributes:
        folder: Where.
        clips: Side to its number of clips, without empty sides.
        files: Number of files.
        bytes: Their size together.
    """

    folder: Path
    clips: Mapping[str, int]
    files: int
    bytes: int


def _no_tick(count: int) -> None:
    """Tells nobody."""


def export(
    clips: ClipSet | str | os.PathLike[str],
    format: str | Exporter,
    to: str | os.PathLike[str],
    *,
    tick: Tick = _no_tick,
) -> ExportReport:
    """Writes the kept clips of a build folder, or some of them, in another format.

    The folder is written beside its place and moved there when it is complete.

    Args:
        clips: A build folder, or some clips of one.
        format: One of `FORMATS`, or an exporter of your own.
        to: A folder that does not exist yet or is empty.
        tick: Told how many clips are written so far.

    Raises:
        StoreError: There is no such format, the clips are not ready (pending, not split), or ``to`` cannot be
            written.
        MediaError: A clip cannot be decoded.
    """
    exporter = find_exporter(format) if isinstance(format, str) else format
    given = clips if isinstance(clips, ClipSet) else open_clips(clips, rejected=True)
    chosen = ready(given)
    target = Path(os.path.abspath(to)).resolve()
    if target.is_relative_to(given.folder.root.resolve()):
        raise StoreError(f"{target} is inside the build folder: give a folder outside of it")
    with staged_folder(target) as staging:
        exporter.write(chosen, staging, tick)
        sizes = [path.stat().st_size for path in staging.rglob("*") if path.is_file()]
    counts = {side: len(chosen.where(split=side)) for side in get_args(Side)}
    return ExportReport(target, {side: n for side, n in counts.items() if n}, len(sizes), sum(sizes))


def find_exporter(name: str) -> Exporter:
    """The exporter of a shipped format.

    Raises:
        StoreError: There is none; the nearest name is given.
    """
    if name not in FORMATS:
        raise StoreError(f"no export format {name!r}; {nearest(name, FORMATS)}")
    exporter: Exporter = import_target(FORMATS[name], "format")()
    return exporter


def ready(clips: ClipSet) -> ClipSet:
    """The clips to be exported, once it is sure that none is missing that should be among them.

    Raises:
        StoreError: Kept clips are pending, there are none, some have no side, or an id is not one.
    """
    root = clips.folder.root
    pending = len(clips.where(kept=True, state="pending"))
    if pending:
        raise StoreError(
            f"{pending} kept clips of {root} are not encoded yet: run the same `skyscene build` without "
            f"--no-clips, or `skyscene retune {root} --apply --fetch`, then split again; in Python, "
            "skyscene.open_clips leaves them out"
        )
    chosen = clips.kept()
    if not len(chosen):
        raise StoreError(f"there are no kept clips to export in {root}")
    unsplit = len(chosen.where(split=None))
    if unsplit:
        raise StoreError(f"{unsplit} of {len(chosen)} clips of {root} have no split: {split_first(root)}")
    for column in ("clip_id", "source_id"):
        for item in chosen.table[column].unique().to_pylist():
            if not is_safe_id(item or ""):
                raise StoreError(f"{chosen.folder.clips}: {item!r} is not a {column.replace('_', ' ')}")
    return chosen
