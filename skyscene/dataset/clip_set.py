"""A build folder as a set of clips."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, overload

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import xxhash

from skyscene.dataset.clip_pixels import ClipPixels
from skyscene.dataset.entry import ClipEntry
from skyscene.dataset.frame_cache import FrameCache, Pixels
from skyscene.dataset.selection import mask
from skyscene.errors import MissingExtraError, StoreError
from skyscene.recipes import nearest
from skyscene.records import Side
from skyscene.store import BuildFolder, existing, read_table

if TYPE_CHECKING:
    import pandas as pd

Rows = npt.NDArray[np.int64]

_ROWS_AT_ONCE = 1024


def open_clips(folder: str | os.PathLike[str], *, rejected: bool = False) -> ClipSet:
    """The clips of a build folder, in the order of the index.

    Args:
        folder: A build folder.
        rejected: Whether to show every row: also rejected clips, and kept ones without a file
            (pending or gone). By default only kept clips whose files are there count.

    Raises:
        StoreError: It is not a build folder, or its index cannot be read.
    """
    build = existing(Path(os.path.abspath(folder)))
    digest = _digest(build.clips)
    table = read_table(build.clips, "clips")
    everything = ClipSet(build, table, np.arange(table.num_rows), digest)
    return everything if rejected else everything.kept()


class ClipSet(Sequence[ClipEntry]):
    """Some clips of a build folder: immutable, in order, pixels read only when asked for.

    A clip is named by its place (``clips.frames(0)``) or its id (``clips.frames("5f0c...")``). Pickled, it
    is a path and row numbers, so it goes to other processes cheaply; each maps the cache for itself.
    `open_clips` makes one.

    Args:
        folder: The build folder.
        table: The chosen rows of its `clips.parquet`.
        rows: Their numbers in that file.
        digest: Hash of that file.
        cache: The folder's packed frames, shared by the selections of one set.
    """

    def __init__(
        self, folder: BuildFolder, table: pa.Table, rows: Rows, digest: str, cache: FrameCache | None = None
    ) -> None:
        self.folder = folder
        self._table = table.combine_chunks()
        self._rows = rows
        self._digest = digest
        self._pixels = ClipPixels(folder, self._table, cache or FrameCache(folder, self._table))

    def __reduce__(self) -> tuple[Callable[..., ClipSet], tuple[Path, str, Rows]]:
        return _reopen, (self.folder.root, self._digest, self._rows)

    def __repr__(self) -> str:
        return f"<ClipSet {self.folder.root}: {len(self)} clips of {len(self.source_ids)} sources>"

    @property
    def table(self) -> pa.Table:
        """The rows as an Arrow table."""
        return self._table

    @functools.cached_property
    def source_ids(self) -> tuple[str, ...]:
        """The sources of these clips, sorted."""
        return tuple(sorted(pc.unique(self._table["source_id"]).to_pylist()))

    def to_pandas(self) -> pd.DataFrame:
        """The rows as a data frame.

        Raises:
            MissingExtraError: pandas is not installed.
        """
        try:
            import pandas  # noqa: F401
        except ImportError:
            raise MissingExtraError("pandas", "pandas", "make a data frame") from None
        frame: pd.DataFrame = self._table.to_pandas()
        return frame

    # Rows

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def __iter__(self) -> Iterator[ClipEntry]:
        for start in range(0, len(self), _ROWS_AT_ONCE):
            for row in self._table.slice(start, _ROWS_AT_ONCE).to_pylist():
                yield ClipEntry(row)

    @overload
    def __getitem__(self, which: int | str) -> ClipEntry: ...
    @overload
    def __getitem__(self, which: slice) -> ClipSet: ...
    def __getitem__(self, which: int | str | slice) -> ClipEntry | ClipSet:
        if isinstance(which, slice):
            return self._take(np.arange(len(self))[which])
        return ClipEntry(self._table.slice(self._place(which), 1).to_pylist()[0])

    def __contains__(self, clip: object) -> bool:
        return (clip.clip_id if isinstance(clip, ClipEntry) else clip) in self._places

    def index(self, clip: Any, start: int = 0, stop: int | None = None) -> int:
        """The place of a clip or clip id.

        Raises:
            ValueError: It is not in this set.
        """
        place = self._places.get(clip.clip_id if isinstance(clip, ClipEntry) else clip, -1)
        if not start <= place < (len(self) if stop is None else stop):
            raise ValueError(f"{clip!r} is not in this set")
        return place

    @functools.cached_property
    def _places(self) -> dict[str, int]:
        return {clip_id: place for place, clip_id in enumerate(self._table["clip_id"].to_pylist())}

    def _place(self, which: int | str) -> int:
        if isinstance(which, str):
            place = self._places.get(which)
            if place is None:
                raise StoreError(self._absent(which))
            return place
        count = len(self)
        if not -count <= which < count:
            raise IndexError(f"clip {which} of {count}")
        return int(which) % count

    def _absent(self, clip_id: str) -> str:
        """Why a clip is not in this set."""
        whole = open_clips(self.folder.root, rejected=True)
        place = whole._places.get(clip_id)
        if place is None:
            return f"no clip {clip_id!r} in {self.folder.root}; {nearest(clip_id, whole._places)}"
        return (
            whole._pixels.absence(place)
            or f"clip {clip_id} is in the folder, but not in this selection of it"
        )

    # Selections

    def _take(self, places: Rows) -> ClipSet:
        chosen = self._table.take(pa.array(places))
        return ClipSet(self.folder, chosen, self._rows[places], self._digest, self._pixels.cache)

    def kept(self) -> ClipSet:
        """The clips that no filter rejected and whose files are there."""
        return self.where(kept=True, state="encoded")

    def rejected(self, reason: str | None = None) -> ClipSet:
        """The rejected clips of a set opened with ``rejected=True``.

        Args:
            reason: Only those that this filter had a hand in rejecting.
        """
        out = self.where(kept=False)
        return out if reason is None else out.where(lambda clip: reason in clip.reasons)

    def split(self, side: str) -> ClipSet:
        """The clips on one side: train, val or test.

        Raises:
            StoreError: There is no such side, or nothing has a side yet.
        """
        if side not in get_args(Side):
            raise StoreError(f"no side {side!r} of a split; {nearest(side, get_args(Side))}")
        candidates = self.kept()
        if len(candidates) and candidates.table["split"].null_count == len(candidates):
            raise StoreError(f"{self.folder.root} has no split yet: {split_first(self.folder.root)}")
        return candidates.where(split=side)

    def source(self, source_id: str) -> ClipSet:
        """The clips of one source, in order of time."""
        return self.where(source_id=source_id)

    def where(self, predicate: Callable[[ClipEntry], bool] | None = None, /, **columns: Any) -> ClipSet:
        """The clips for which every condition holds.

        Args:
            predicate: Told each clip; slower than the conditions below, which look at whole columns.
            columns: ``column=value`` (``None`` for an empty one), ``min_column=value``, ``max_column=value``.

        Raises:
            StoreError: There is no such column, or the value does not fit it.
        """
        chosen = self._take(np.flatnonzero(mask(self._table, columns)).astype(np.int64)) if columns else self
        if predicate is None:
            return chosen
        places = [place for place, clip in enumerate(chosen) if predicate(clip)]
        return chosen._take(np.array(places, np.int64))

    def sorted_by_id(self) -> ClipSet:
        """The same clips in order of clip id, which is as good as shuffled and always the same."""
        return self._take(np.asarray(pc.sort_indices(self._table["clip_id"]), np.int64))

    # Pixels

    def frames(self, which: int | str) -> Pixels:
        """The frames of a clip at the cache's size; nothing is decoded.

        Returns:
            uint8 RGB, shape (frames, height, width, 3), the caller's own copy.

        Raises:
            StoreError: The clip has no pixels (rejected, pending, gone), or the cache is not as it should be.
        """
        return np.array(self._pixels.packed(self._place(which)))

    def arrays(self, batch: int) -> Iterator[Pixels]:
        """The frames of all clips, in order, some clips at a time; the last batch may be smaller.

        Args:
            batch: Clips a batch, at least 1.

        Returns:
            Arrays of uint8 RGB, shape (at most batch, frames, height, width, 3).

        Raises:
            StoreError: As `frames`, or the clips of a batch are not all of one shape.
        """
        if batch < 1:
            raise ValueError(f"batch = {batch}: must be at least 1")
        for start in range(0, len(self), batch):
            yield self._pixels.stack(range(start, min(start + batch, len(self))), slice(None))

    def first_frames(self) -> Pixels:
        """The first frame of every clip: what a model is given. At 128 pixels, 49 KB a clip.

        Returns:
            uint8 RGB, shape (clips, height, width, 3).

        Raises:
            StoreError: As `arrays`.
        """
        stacked = self._pixels.stack(range(len(self)), slice(1))
        return stacked.reshape(len(self), *stacked.shape[2:])

    def video(self, which: int | str) -> Pixels:
        """The frames of a clip decoded from its mp4, at the mp4's size.

        Returns:
            uint8 RGB, shape (frames, height, width, 3).

        Raises:
            StoreError: The file is not there or not as the index says.
            MediaError: It cannot be decoded.
        """
        return self._pixels.video(self._place(which))

    def file(self, which: int | str) -> Path:
        """The mp4 of a clip.

        Raises:
            StoreError: It is not there.
        """
        return self._pixels.file(self._place(which))

    def file_bytes(self, which: int | str) -> bytes:
        """The mp4 of a clip, seen to be as it was written.

        Raises:
            StoreError: It is not there, or its hash is not the one in the index.
        """
        return self._pixels.file_bytes(self._place(which))


def split_first(root: Path) -> str:
    """What to do about clips without a side.

    >>> split_first(Path("sky"))
    'run `skyscene split sky --by-source` first'
    """
    return f"run `skyscene split {root} --by-source` first"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        digest = xxhash.xxh3_128()
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _reopen(root: Path, digest: str, rows: Rows) -> ClipSet:
    """The set that was pickled.

    Raises:
        StoreError: The folder's index changed since.
    """
    folder = existing(root)
    if _digest(folder.clips) != digest:
        raise StoreError(f"{folder.clips} changed since the set was opened: open it again")
    return ClipSet(folder, read_table(folder.clips, "clips").take(pa.array(rows)), rows, digest)
