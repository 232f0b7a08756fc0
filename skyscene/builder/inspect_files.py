"""A source's clips and cache as files: their hashes, their shape, and what the clips decode to."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt

from skyscene.builder.inspection import Findings, Inspection
from skyscene.builder.recipe import Cutting
from skyscene.errors import MediaError
from skyscene.media import Size, second_decode
from skyscene.store import BuildFolder

Planes = npt.NDArray[np.uint8]
Row = dict[str, Any]


class ClipFiles:
    """The files of one source's clips.

    Args:
        item: What is checked.
        folder: The build folder.
        recipe: Length of a clip and shape of the cache.
        found: Where faults go.
    """

    def __init__(self, item: Inspection, folder: BuildFolder, recipe: Cutting, found: Findings) -> None:
        self._item, self._folder, self._found = item, folder, found
        self._length = recipe.windows.length
        size = recipe.cache.shape
        self._shape = (len(item.clips), self._length, size.height, size.width, 3)
        self._packed = self._open_cache()

    def _open_cache(self) -> npt.NDArray[np.uint8] | None:
        path = self._folder.cache(self._item.source_id)
        try:
            packed: npt.NDArray[np.uint8] = np.load(path, mmap_mode="r")
        except (OSError, ValueError) as error:
            self._found.fault("cache", self._item.source_id, f"{path.name} cannot be read: {error}")
            return None
        if packed.shape != self._shape or packed.dtype != np.uint8:
            what = f"{path.name} has shape {packed.shape}, not {self._shape}"
            self._found.fault("cache", self._item.source_id, what)
        return packed if packed.shape[1:] == self._shape[1:] and packed.dtype == np.uint8 else None

    def check_hashes(self) -> None:
        """The bytes of the clips and of their cache rows against the hashes in the index."""
        for clip in self._item.clips:
            if (self._folder.root / clip["path"]).is_file() and not self.is_intact(clip):
                what = f"{clip['path']} is not the file that was written"
                self._found.fault("files", clip["clip_id"], what)
            row, wanted = self.row(clip), clip.get("cache_sha256")
            if row is not None and wanted and hashlib.sha256(row.tobytes()).hexdigest() != wanted:
                self._found.fault("cache", clip["clip_id"], "its cache row is not what was written")

    def is_intact(self, clip: Row) -> bool:
        """Whether a clip's file has the bytes that were written."""
        data = (self._folder.root / clip["path"]).read_bytes()
        return hashlib.sha256(data).hexdigest() == str(clip["sha256"])

    def row(self, clip: Row) -> npt.NDArray[np.uint8] | None:
        """A clip's row in the cache; none where there is none, or it is known to be wrong."""
        number = clip["cache_row"]
        if self._packed is None or number is None or number >= len(self._packed):
            return None
        return None if self._found.has("cache", clip["clip_id"]) else self._packed[number]

    def decode(self, clip: Row) -> list[Planes] | None:
        """A clip's frames by the second decoder; none, and a fault, where they are not what they must be."""
        path = self._folder.root / clip["path"]
        if not path.is_file():
            return None
        try:
            frames = list(second_decode(path, Size(clip["width"], clip["height"])))
        except MediaError as error:
            self._found.fault("frames", clip["clip_id"], error.message)
            return None
        if len(frames) != self._length or clip["frame_stop"] - clip["frame_start"] != self._length:
            what = f"decodes to {len(frames)} frames, not {self._length}"
            self._found.fault("frames", clip["clip_id"], what)
            return None
        return frames
