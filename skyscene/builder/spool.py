"""Scaled frames on disk, waiting until their scene is judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType

import numpy as np
import numpy.typing as npt

from skyscene.records import Interval
from skyscene.store import reserve

Planes = npt.NDArray[np.uint8]
_MORE_FRAMES = 64
"""Room on the disk is taken for so many frames at a time."""


class Spool:
    """A bounded store of equally large frames by number; what it lacks is decoded again.

    Args:
        path: A temporary file, made on the first frame and removed at the end.
        max_bytes: Most bytes it may hold; 0 keeps it closed.

    Attributes:
        open: Whether it still takes frames.
    """

    def __init__(self, path: Path, max_bytes: int) -> None:
        self._path = path
        self._max_bytes = max_bytes
        self._slots: dict[int, int] = {}
        self._free: list[int] = []
        self._store: npt.NDArray[np.uint8] | None = None
        self._room = 0
        self.open = max_bytes > 0

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._store = None
        self._path.unlink(missing_ok=True)

    @property
    def is_full(self) -> bool:
        """Whether the next frame has no place."""
        return self._store is not None and not self._free

    def put(self, frame: int, planes: Planes) -> None:
        """Keeps a frame; the caller makes room first."""
        if self._store is None:
            self._allocate(planes)
        if self._store is not None:
            slot = self._free[-1]
            if slot >= self._room and not self._grow(self._store):
                return
            self._free.pop()
            self._store[slot] = planes
            self._slots[frame] = slot

    def _allocate(self, planes: Planes) -> None:
        count = self._max_bytes // planes.nbytes
        if count == 0:
            self.open = False
            return
        # A sparse file: the disk gives room only as frames come.
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._store = np.memmap(self._path, np.uint8, "w+", shape=(count, *planes.shape))
        self._free = list(range(count - 1, -1, -1))

    def _grow(self, store: npt.NDArray[np.uint8]) -> bool:
        """Whether the disk has room for more frames; the spool closes where it has not."""
        more = min(_MORE_FRAMES, len(store) - self._room)
        size = store[0].nbytes
        try:
            reserve(self._path, self._room * size, more * size)
        except OSError:
            self.open = False
            return False
        self._room += more
        return True

    def keep_only(self, wanted: Iterable[Interval]) -> None:
        """Forgets every frame that is in no wanted interval.

        Where that frees little, the spool closes: frames to come are decoded again if they are needed.
        """
        keep = {frame for interval in wanted for frame in interval}
        for frame in [frame for frame in self._slots if frame not in keep]:
            self._free.append(self._slots.pop(frame))
        if len(self._free) * 8 < len(self._free) + len(self._slots):
            self.open = False

    def holds(self, interval: Interval) -> bool:
        """Whether every frame of an interval is here."""
        return all(frame in self._slots for frame in interval)

    def read(self, interval: Interval) -> Iterator[Planes]:
        """The frames of an interval.

        Raises:
            KeyError: One of them is not here.
        """
        for frame in interval:
            slot = self._slots[frame]
            assert self._store is not None
            yield self._store[slot]
