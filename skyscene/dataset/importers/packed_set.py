"""A build folder that is filled from pictures that others cut: what every importer writes."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from skyscene.dataset.threads import in_threads
from skyscene.errors import MediaError, StoreError
from skyscene.media import read_picture
from skyscene.store import (
    BuildFolder,
    awaiting,
    read_json,
    replacing,
    schema,
    sweep_parts,
    write_json,
    write_rows,
)

Pixels = npt.NDArray[np.uint8]
_FPS = 25.0


@dataclass(frozen=True, slots=True)
class ImportedClip:
    """A clip as it lay in the set.

    Attributes:
        key: What names it in its own set.
        scene: What it was cut from.
        start: Number of its first frame.
        stop: Number after its last.
        pixels_thwc: Its frames, square.
    """

    key: str
    scene: str
    start: int
    stop: int
    pixels_thwc: Pixels


Read = Callable[[list[str]], Sequence[ImportedClip]]
"""Gives the clips of a source, in order, and appends lines on what is left out."""

Waits = Callable[[Path], None]
"""Told the folder that another command packs now, which is waited for."""


@dataclass(frozen=True, slots=True)
class ImportedSource:
    """A source of a set, and how to read it.

    Attributes:
        name: The source's, in its own set.
        facts: More columns of its row in the sources; frames are those of its clips, if not told.
        side: train, val or test.
        why: Why there.
        files: What is read.
        read: Not called where the same files were packed before; no clip is a source that is only told of.
    """

    name: str
    facts: Mapping[str, Any]
    side: str
    why: str
    files: Sequence[Path]
    read: Read


class PackedSet:
    """Collects clips source by source; the tables come last, and make the folder whole.

    A packing that was stopped goes on where it was: what a source gave is noted beside its clips. A source
    of which something was left out is read again, as is one whose files are others now.

    Args:
        folder: Where; its name tells everything that decides the clips.
        origin: The set's name; ids are hashes that begin with it.
    """

    def __init__(self, folder: BuildFolder, origin: str) -> None:
        self._folder, self._origin = folder, origin
        self._sources: list[dict[str, Any]] = []
        self._clips: list[dict[str, Any]] = []
        self._sides: list[dict[str, Any]] = []
        self._odd: list[str] = []

    def add(self, source: ImportedSource) -> None:
        """Packs the clips of one source."""
        source_id = self._digest(source.name)
        note, files = self._folder.packing / f"{source_id}.json", _stamp(source.files)
        rows = self._noted(note, files)
        if rows is None:
            odd: list[str] = []
            rows = self._packed(source_id, source.side, source.read(odd))
            self._odd += odd
            if not odd:
                write_json(note, {"files": files, "clips": rows})
        frames = sum(row["frame_stop"] - row["frame_start"] for row in rows)
        told = {"ref_id": f"{self._origin}-{source.name}", "source_id": source_id, "status": "done"}
        self._sources.append({**told, "frames": frames, **source.facts})
        if rows:
            self._clips += rows
            sides = {"group_id": source_id, "side": source.side, "why": source.why}
            self._sides.append({"source_id": source_id, **sides})

    def finish(self, odd: Sequence[str]) -> None:
        """Writes the tables, and ``odd.json`` with what was left out.

        Args:
            odd: What the sources did not tell.

        Raises:
            StoreError: There is no clip.
        """
        odd = [*odd, *self._odd]
        if not self._clips:
            first = f"; the first of {len(odd)} odd things: {odd[0]}" if odd else ""
            raise StoreError(f"no clip of 32 frames came out of the set{first}")
        wanted = {self._folder.cache(row["source_id"]) for row in self._clips}
        for path in {*next(iter(wanted)).parent.glob("*.npy")} - wanted:
            path.unlink()  # of a source that gave clips before a stop, and gives none now
        write_json(self._folder.odd, odd)
        write_rows(self._folder.sources, self._sources, schema("sources"))
        write_rows(self._folder.assignments, self._sides, schema("assignments"))
        rows = sorted(self._clips, key=lambda row: (row["source_id"], row["cache_row"]))
        write_rows(self._folder.clips, rows, schema("clips"))
        shutil.rmtree(self._folder.packing, ignore_errors=True)

    def _noted(self, note: Path, files: str) -> list[dict[str, Any]] | None:
        """The rows of a source that was packed before; none if it was not, or from other files."""
        if not note.is_file():
            return None
        told = read_json(note)
        rows: list[dict[str, Any]] = told["clips"]
        if told["files"] != files or (rows and not _holds(self._folder.cache(note.stem), len(rows))):
            return None
        return rows

    def _packed(self, source_id: str, side: str, clips: Sequence[ImportedClip]) -> list[dict[str, Any]]:
        """Writes the clips of a source; their rows."""
        if clips:
            with replacing(self._folder.cache(source_id)) as temporary, temporary.open("wb") as file:
                np.save(file, np.stack([clip.pixels_thwc for clip in clips]))
                file.flush()
                os.fsync(file.fileno())  # the note that follows must not outlive them
        return [self._row(source_id, side, place, clip) for place, clip in enumerate(clips)]

    def _row(self, source_id: str, side: str, place: int, clip: ImportedClip) -> dict[str, Any]:
        frames, height, width, _ = clip.pixels_thwc.shape
        return {
            "clip_id": self._digest(f"{clip.key} {frames}"),
            "clip_key": clip.key,
            "source_id": source_id,
            "scene_id": clip.scene,
            "frame_start": clip.start,
            "frame_stop": clip.stop,
            "fps": _FPS,
            "width": width,
            "height": height,
            "kept": True,
            "reasons": [],
            "details": [],
            "state": "encoded",
            "split": side,
            "cache_row": place,
            "cache_sha256": hashlib.sha256(clip.pixels_thwc.tobytes()).hexdigest(),
        }

    def _digest(self, name: str) -> str:
        return hashlib.sha256(f"{self._origin} {name}".encode("utf-8", "surrogateescape")).hexdigest()[:16]


@contextmanager
def packing(folder: BuildFolder, waits: Waits) -> Iterator[bool]:
    """Whether a folder is to be packed now; what another command packs into it is waited for.

    Args:
        folder: Which.
        waits: Called once with the folder where there is something to wait for.
    """
    if folder.clips.is_file():
        yield False  # no lock: the folder may be one that cannot be written
        return
    with awaiting(folder.lock, lambda: waits(folder.root)):
        needed = not folder.clips.is_file()
        if needed:
            sweep_parts(folder)
        yield needed


def read_frame(path: Path) -> Pixels | None:
    """A picture as RGB; none where it cannot be read."""
    try:
        return read_picture(path)
    except MediaError:
        return None


def read_clips(read: Callable[[int], ImportedClip | str], count: int, odd: list[str]) -> list[ImportedClip]:
    """The clips of a source, in order, read in threads.

    Args:
        read: Gives the clip of a place, or what is wrong with it.
        count: How many places there are.
        odd: Gets what is wrong, a line each.
    """
    clips = []
    for found in in_threads(read, count):
        if isinstance(found, str):
            odd.append(found)
        else:
            clips.append(found)
    return clips


def refuse_too_large(folder: BuildFolder, frames: int, size: int, instead: str) -> None:
    """Sees that a packed set will fit beside what of it is there already.

    Raises:
        StoreError: It will not.
    """
    there = sum(path.stat().st_size for path in folder.root.rglob("*.npy"))
    wanted = frames * size * size * 3 - there
    cache = folder.root.parent
    cache.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(cache).free
    if wanted > free:
        take, make = ("take another", "make room there, or ") if there else ("take", "")
        raise StoreError(
            f"the clips {take} {wanted / 2**30:.0f} GiB packed, {cache} has {free / 2**30:.0f} GiB: "
            f"{make}set SKYSCENE_CACHE to a larger disk{instead}"
        )


def _stamp(files: Sequence[Path]) -> str:
    """What changes where one of the files does."""
    digest = hashlib.sha256()
    for path in files:
        try:
            stat = path.stat()
            told = f"{path.name} {stat.st_size} {stat.st_mtime_ns}\n"
        except OSError:
            told = f"{path.name} missing\n"
        digest.update(told.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _holds(path: Path, clips: int) -> bool:
    """Whether a file of packed clips is whole."""
    try:
        return len(np.load(path, mmap_mode="r", allow_pickle=False)) == clips
    except (OSError, ValueError, EOFError):
        return False
