"""The packed frames of one source, written clip by clip."""

from __future__ import annotations

import math
import os
from pathlib import Path
from types import TracebackType

import numpy as np
import numpy.typing as npt

from skyscene.store import reserve

Pixels = npt.NDArray[np.uint8]


class PackedWriter:
    """A ``.npy`` file of uint8 whose rows are written in any order.

    It is written and not mapped: pages of a map count as memory of the process until the disk has them.

    Args:
        path: The file; its room on the disk is taken at once.
        shape: (clips, frames, height, width, 3).

    Raises:
        OSError: The disk is full or may not be written.
    """

    def __init__(self, path: Path, shape: tuple[int, ...]) -> None:
        self._row_bytes = math.prod(shape[1:])
        self._file = path.open("w+b")
        header = {"descr": "|u1", "fortran_order": False, "shape": shape}
        try:
            np.lib.format.write_array_header_1_0(self._file, header)
            self._file.flush()
            self._first = self._file.tell()
            self._file.truncate(self._first + shape[0] * self._row_bytes)
            reserve(path)
        except OSError:
            self._file.close()
            raise

    def __enter__(self) -> PackedWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, row: int, clip_thwc: Pixels) -> None:
        """Puts a clip into its row."""
        assert clip_thwc.nbytes == self._row_bytes and clip_thwc.dtype == np.uint8
        self._file.seek(self._first + row * self._row_bytes)
        self._file.write(np.ascontiguousarray(clip_thwc).data)
        self._file.flush()

    def sync(self) -> None:
        """Waits until the disk has it all."""
        self._file.flush()
        os.fsync(self._file.fileno())
