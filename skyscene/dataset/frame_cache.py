"""The packed frames of a build folder, mapped and not read."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import numpy.typing as npt

from skyscene.errors import StoreError
from skyscene.store import BuildFolder

Pixels = npt.NDArray[np.uint8]

_MOST_OPEN = 128


class FrameCache:
    """Rows of the cache files. Every process that uses one maps the files for itself.

    Args:
        folder: The build folder.
    """

    def __init__(self, folder: BuildFolder) -> None:
        self._folder = folder
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
        path, cure = self._folder.cache(source_id), remake(self._folder.content(source_id))
        packed = self._packed(source_id)
        if packed.dtype != np.uint8 or packed.ndim != 5 or packed.shape[1::3] != (frames, 3):
            wanted = f"uint8 (clips, {frames}, height, width, 3)"
            raise StoreError(f"{path} holds {packed.dtype} {packed.shape} and not {wanted}: {cure}")
        if not 0 <= row < packed.shape[0]:
            raise StoreError(f"{path} has {packed.shape[0]} rows and so no row {row}: {cure}")
        view: Pixels = packed[row]
        return view

    def _map(self, source_id: str) -> npt.NDArray[np.generic]:
        path, cure = self._folder.cache(source_id), remake(self._folder.content(source_id))
        try:
            packed: npt.NDArray[np.generic] = np.load(path, mmap_mode="r", allow_pickle=False)
        except FileNotFoundError:
            raise StoreError(f"no cache file {path}: {cure}") from None
        except (OSError, ValueError, EOFError) as error:
            raise StoreError(f"{path} cannot be read ({error}): {cure}") from None
        return packed


def remake(commit: Path) -> str:
    """What to do about files of a source that are not as the index says.

    >>> remake(Path("sky/commits/sources/a1.json"))
    'delete sky/commits/sources/a1.json and run the same `skyscene build` again'
    """
    return f"delete {commit} and run the same `skyscene build` again"
