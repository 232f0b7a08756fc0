"""The pixels of the clips in a table: from the packed cache, or decoded from their own files."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pyarrow as pa

from skyscene.dataset.frame_cache import FrameCache, Pixels, remake
from skyscene.errors import StoreError
from skyscene.store import BuildFolder


class ClipPixels:
    """Finds and checks the pixels of one row of the index at a time.

    Args:
        folder: The build folder.
        table: Rows of its `clips.parquet`; a place is a row of this table.
        cache: The folder's packed frames.
    """

    def __init__(self, folder: BuildFolder, table: pa.Table, cache: FrameCache) -> None:
        self._folder = folder
        self._table = table
        self.cache = cache

    def packed(self, place: int) -> Pixels:
        """The frames of a clip as a read-only view of the cache, shape (frames, height, width, 3).

        Raises:
            StoreError: The clip has no pixels, or the cache is not as the index says.
        """
        self._check(place)
        row = self._value("cache_row", place)
        if row is None:
            raise StoreError(f"clip {self._value('clip_id', place)} is not in the cache: {self._cure(place)}")
        return self.cache.clip(self._source_id(place), row, self._frames(place))

    def stack(self, places: range, part: slice) -> Pixels:
        """The same frames of some clips.

        Args:
            places: The clips.
            part: Which of their frames.

        Returns:
            uint8, shape (clips, frames, height, width, 3).

        Raises:
            StoreError: As `packed`, or the clips are not all of one shape.
        """
        out: Pixels = np.empty((0, 0, 0, 0, 3), np.uint8)
        for row, place in enumerate(places):
            view = self.packed(place)[part]
            if row == 0:
                out = np.empty((len(places), *view.shape), np.uint8)
            elif view.shape != out.shape[1:]:
                first, second = (self._value("clip_id", at) for at in (places[0], place))
                raise StoreError(
                    f"clips {first} and {second} have frames of different shapes, {out.shape[1:]} and "
                    f"{view.shape}: the folder mixes two builds, build again into a new one"
                )
            out[row] = view
        return out

    def file(self, place: int) -> Path:
        """The mp4 of a clip.

        Raises:
            StoreError: The clip has none, or it is not there.
        """
        self._check(place)
        stored = self._value("path", place) or ""
        inside = PurePosixPath(stored)
        if not stored or inside.is_absolute() or ".." in inside.parts:
            raise StoreError(f"{self._folder.clips}: {stored!r} is not a path inside the folder")
        path = self._folder.root / inside
        if not path.is_file():
            raise StoreError(f"no clip file {path}: {self._cure(place)}")
        return path

    def file_bytes(self, place: int) -> bytes:
        """The mp4 of a clip as it was written.

        Raises:
            StoreError: As `file`, or its hash is not the one in the index.
        """
        path = self.file(place)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise StoreError(f"{path} cannot be read: {error.strerror}") from None
        if hashlib.sha256(data).hexdigest() != self._value("sha256", place):
            raise StoreError(f"{path} is not the file that was written: {self._cure(place)}")
        return data

    def video(self, place: int) -> Pixels:
        """The frames of a clip decoded from its mp4, shape (frames, height, width, 3) in the mp4's size.

        Raises:
            StoreError: As `file`, or its frames are not what the index says.
            MediaError: It cannot be decoded.
        """
        # Not needed by those who only read the cache, and slow to import.
        from skyscene.media.clip_reader import read_clip

        path = self.file(place)
        pixels = read_clip(path)
        wanted = (self._frames(place), self._value("height", place), self._value("width", place), 3)
        if pixels.shape != wanted:
            raise StoreError(f"{path} holds {pixels.shape} and not {wanted}: {self._cure(place)}")
        return pixels

    def absence(self, place: int) -> str | None:
        """Why a clip has no pixels and what to do; none if it has."""
        kept, state = self._value("kept", place), self._value("state", place)
        if kept and state == "encoded":
            return None
        name = f"clip {self._value('clip_id', place)}"
        if not kept:
            reasons = ", ".join(self._value("reasons", place) or ())
            return f"{name} was rejected ({reasons}): only kept clips have frames"
        if state == "pending":
            retune = f"`skyscene retune {self._folder.root} --apply --fetch`"
            return (
                f"{name} is kept but not encoded yet: run the same `skyscene build` without --no-clips, "
                f"or {retune}"
            )
        return f"{name} is {state}: give its source to `skyscene build` again"

    def _check(self, place: int) -> None:
        absence = self.absence(place)
        if absence:
            raise StoreError(absence)

    def _value(self, column: str, place: int) -> Any:
        return self._table[column][place].as_py()

    def _frames(self, place: int) -> int:
        return int(self._value("frame_stop", place) - self._value("frame_start", place))

    def _source_id(self, place: int) -> str:
        source_id = str(self._value("source_id", place))
        if PurePosixPath(source_id).name != source_id:
            raise StoreError(f"{self._folder.clips}: {source_id!r} is not a source id")
        return source_id

    def _cure(self, place: int) -> str:
        return remake(self._folder, self._source_id(place))
