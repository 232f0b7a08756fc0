"""The packed frames of a build folder, mapped and not read."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from skyscene.errors import StoreError
from skyscene.store import BuildFolder, read_table, refuse_change

Pixels = npt.NDArray[np.uint8]

_MOST_OPEN = 128


class FrameCache:
    """Rows of the cache files. Every process that uses one maps the files for itself.

    Args:
        folder: The build folder.
        table: The rows of `clips.parquet` that will be asked for, as they were when they were read.
    """

    def __init__(self, folder: BuildFolder, table: pa.Table) -> None:
        self._folder = folder
        self._table = table
        self._stamp = _stamp(folder.clips)
        self._packed = functools.lru_cache(maxsize=_MOST_OPEN)(self._map)

    def clip(self, source_id: str, row: int, frames: int) -> Pixels:
        """The frames of one clip, as a read-only view of the file.

        Args:
            source_id: The clip's source.
            row: Its row in that source's cache.
            frames: How many frames the index says it has.

        Returns:
            uint8, shape (frames, height, width, 3).

        Raises:
            StoreError: The file is missing, broken, of another shape, or has no such row.
        """
        path, cure = self._folder.cache(source_id), remake(self._folder, source_id)
        packed = self._packed(source_id)
        if packed.dtype != np.uint8 or packed.ndim != 5 or packed.shape[1::3] != (frames, 3):
            wanted = f"uint8 (clips, {frames}, height, width, 3)"
            raise StoreError(f"{path} holds {packed.dtype} {packed.shape} and not {wanted}: {cure}")
        if not 0 <= row < packed.shape[0]:
            raise StoreError(f"{path} has {packed.shape[0]} rows and so no row {row}: {cure}")
        view: Pixels = packed[row]
        return view

    def _map(self, source_id: str) -> npt.NDArray[np.generic]:
        path, cure = self._folder.cache(source_id), remake(self._folder, source_id)
        try:
            packed: npt.NDArray[np.generic] = np.load(path, mmap_mode="r", allow_pickle=False)
        except FileNotFoundError:
            raise StoreError(f"no cache file {path}: {cure}") from None
        except (OSError, ValueError, EOFError) as error:
            raise StoreError(f"{path} cannot be read ({error}): {cure}") from None
        self._check(source_id)
        return packed

    def _check(self, source_id: str) -> None:
        """Sees that a source's rows, now that they are mapped, are those of the table.

        A folder that is retuned while it is open gives clips other rows.

        Raises:
            StoreError: They are not.
        """
        refuse_change(self._folder)
        if _stamp(self._folder.clips) == self._stamp:
            return
        now = _rows_of(read_table(self._folder.clips, "clips", list(_ROW)), source_id)
        if not _rows_of(self._table, source_id) <= now:
            raise StoreError(f"{self._folder.clips} changed since the set was opened: open it again")


_ROW = ("source_id", "clip_id", "cache_row")


def _rows_of(table: pa.Table, source_id: str) -> set[tuple[str, int | None]]:
    """clip_id and row of a source's clips that are in the cache."""
    mine = table.filter(pc.equal(table["source_id"], source_id))
    pairs = zip(mine["clip_id"].to_pylist(), mine["cache_row"].to_pylist(), strict=True)
    return {pair for pair in pairs if pair[1] is not None}


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """What changes of a file when it is written anew."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def remake(folder: BuildFolder, source_id: str) -> str:
    """What to do about files of a source that are not as the index says.

    >>> remake(BuildFolder(Path("sky")), "a1")
    'delete sky/commits/sources/a1.json and run the same `skyscene build` again'
    """
    if folder.odd.is_file():  # packed from a set that others cut
        return f"delete {folder.root} and run the same command again: the set is packed anew"
    return f"delete {folder.content(source_id)} and run the same `skyscene build` again"
