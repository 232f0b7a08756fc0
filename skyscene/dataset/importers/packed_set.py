"""A build folder that is filled from pictures that others cut: what every importer writes."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from skyscene.errors import MediaError, StoreError
from skyscene.media import read_picture
from skyscene.store import BuildFolder, awaiting, read_json, replacing, schema, write_json, write_rows

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


class PackedSet:
    """Collects clips source by source; the tables come last, and make the folder whole.

    A packing that was stopped goes on where it was: what a source gave is noted beside its clips.

    Args:
        folder: Where; its name tells everything that decides the clips.
        origin: The set's name; ids are hashes that begin with it.
    """

    def __init__(self, folder: BuildFolder, origin: str) -> None:
        self._folder, self._origin = folder, origin
        self._notes = folder.root / "packing"
        self._sources: list[dict[str, Any]] = []
        self._clips: list[dict[str, Any]] = []
        self._sides: list[dict[str, Any]] = []
        self._odd: list[str] = []

    def add(self, name: str, facts: Mapping[str, Any], side: str, why: str, read: Read) -> None:
        """Packs the clips of one source.

        Args:
            name: The source's, in its own set.
            facts: More columns of its row in the sources; frames are those of its clips, if not told.
            side: train, val or test.
            why: Why there.
            read: Not called where the source was packed before; no clip is a source that is only told of.
        """
        source_id = self._digest(name)
        note = self._notes / f"{source_id}.json"
        if not note.is_file():
            write_json(note, self._packed(source_id, side, read))
        told = read_json(note)
        frames = sum(clip["frame_stop"] - clip["frame_start"] for clip in told["clips"])
        row = {"ref_id": f"{self._origin}-{name}", "source_id": source_id, "status": "done", "frames": frames}
        self._sources.append(row | dict(facts))
        self._odd += told["odd"]
        if told["clips"]:
            self._clips += told["clips"]
            self._sides.append({"source_id": source_id, "group_id": source_id, "side": side, "why": why})

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
        write_json(self._folder.root / "odd.json", odd)
        write_rows(self._folder.sources, self._sources, schema("sources"))
        write_rows(self._folder.assignments, self._sides, schema("assignments"))
        rows = sorted(self._clips, key=lambda row: (row["source_id"], row["cache_row"]))
        write_rows(self._folder.clips, rows, schema("clips"))
        shutil.rmtree(self._notes, ignore_errors=True)

    def _packed(self, source_id: str, side: str, read: Read) -> dict[str, list[Any]]:
        """Writes the clips of a source; their rows, and what was left out."""
        odd: list[str] = []
        clips = read(odd)
        if clips:
            with replacing(self._folder.cache(source_id)) as temporary, temporary.open("wb") as file:
                np.save(file, np.stack([clip.pixels_thwc for clip in clips]))
        rows = [self._row(source_id, side, place, clip) for place, clip in enumerate(clips)]
        return {"clips": rows, "odd": odd}

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
def packing(folder: BuildFolder, waits: Callable[[], None]) -> Iterator[bool]:
    """Whether a folder is to be packed now; what another command packs into it is waited for.

    Args:
        folder: Which.
        waits: Called once where there is something to wait for.
    """
    if folder.clips.is_file():
        yield False  # no lock: the folder may be one that cannot be written
        return
    with awaiting(folder.lock, waits):
        yield not folder.clips.is_file()


def read_frame(path: Path) -> Pixels | None:
    """A picture as RGB; none where it cannot be read."""
    try:
        return read_picture(path)
    except MediaError:
        return None


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
        raise StoreError(
            f"the clips take {wanted / 2**30:.0f} GiB packed, {cache} has {free / 2**30:.0f} GiB: "
            f"set SKYSCENE_CACHE to a larger disk{instead}"
        )
