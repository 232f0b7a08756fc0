"""Scaled frames on disk, waiting until their scene is judged."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType

import numpy as np
import numpy.typing as npt

from skyscene.records import Interval

Planes = npt.NDArray[np.uint8]


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
        self._shape: tuple[int, ...] = ()
        self._file: int | None = None
        self.open = max_bytes > 0

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            os.close(self._file)
            self._path.unlink(missing_ok=True)

    @property
    def is_full(self) -> bool:
        """Whether the next frame has no place."""
        return self._file is not None and not self._free

    def put(self, frame: int, planes: Planes) -> None:
        """Keeps a frame; the caller makes room first. Where the disk has none, the spool closes."""
        if self._file is None:
            self._allocate(planes)
        if self._file is None:
            return
        slot = self._free[-1]
        try:
            written = os.pwrite(self._file, np.ascontiguousarray(planes).data, slot * planes.nbytes)
        except OSError:
            written = 0
        if written != planes.nbytes:
            self.open = False
            return
        self._free.pop()
        self._slots[frame] = slot

    def _allocate(self, planes: Planes) -> None:
        count = self._max_bytes // planes.nbytes
        if count == 0:
            self.open = False
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # Written and read, not mapped: pages of a map count as memory of the process.
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        self._shape = planes.shape
        self._free = list(range(count - 1, -1, -1))

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
        size = int(np.prod(self._shape))
        for frame in interval:
            slot = self._slots[frame]
            assert self._file is not None
            yield np.frombuffer(os.pread(self._file, size, slot * size), np.uint8).reshape(self._shape)
