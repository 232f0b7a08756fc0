"""One source's clips against its frames, decoded again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from skyscene.builder.acquire import file_hash
from skyscene.builder.cutting import CacheScaler
from skyscene.builder.inspect_alone import inspect_alone, inspect_places
from skyscene.builder.inspect_clip import Luma, Original, Planes, against_source
from skyscene.builder.inspect_files import ClipFiles
from skyscene.builder.inspect_hashes import Hashes, not_found, span, told
from skyscene.builder.inspection import Findings, Frame, Inspection
from skyscene.builder.recipe import Cutting
from skyscene.errors import FetchError, MediaError, StoreError
from skyscene.media import Decoded, Decoder, Scaler, SecondDecoder
from skyscene.media.luma import upright_luma
from skyscene.media.picture import crop_planes
from skyscene.records import Frames
from skyscene.store import BuildFolder, read_frames

Row = dict[str, Any]


def inspect_source(item: Inspection, folder: BuildFolder, recipe: Cutting) -> Findings:
    """Every fault of one source's files."""
    found = Findings()
    files = ClipFiles(item, folder, recipe, found)
    files.check_hashes()
    frames = _columns(item, folder, found)
    if frames is not None:
        inspect_places(item, frames, found)
        if item.path is not None:
            _AgainstSource(item, files, recipe, frames.luma_hash, found).run(item.path)
    for clip in item.clips:
        if clip["clip_id"] not in found.compared:
            inspect_alone(clip, item, files, frames, recipe, found)
    return found


def _columns(item: Inspection, folder: BuildFolder, found: Findings) -> Frames | None:
    path = folder.frames(item.source_id)
    if not path.is_file():
        return None  # Told with the other files.
    try:
        return read_frames(path)
    except StoreError as error:
        found.fault("source", item.source_id, str(error))
        return None


class _AgainstSource:
    """Decodes the source with the second decoder; where that differs, the first is the referee.

    A frame is the index's frame k if it has its hash. So a clip is compared with its source's frames
    wherever one of the decoders shows all of them.
    """

    def __init__(
        self, item: Inspection, files: ClipFiles, recipe: Cutting, stored: Hashes, found: Findings
    ) -> None:
        self._item, self._files, self._found = item, files, found
        self._limits = recipe.media
        self._stored = stored
        self._frame = Frame.of(item.facts, recipe)
        self._to_cache = CacheScaler(recipe.cache, item.facts["colorspace"])
        self._full_range = bool(item.facts["full_range"])

    def run(self, path: Path) -> None:
        """Compares all clips that can be; says what is wrong with the source itself."""
        source, stored = self._item.source_id, self._stored
        try:
            same_bytes = file_hash(path) == self._item.facts["sha256"]
        except FetchError as error:
            self._found.fault("source", source, error.message)
            return
        seen, problem = self._second(path)
        if problem is None and _same(seen, stored):
            if not same_bytes:
                what = f"{path} shows the frames that were built from, but has other bytes"
                self._found.fault("source", source, what)
            return
        if not same_bytes:
            what = problem or told(stored, seen)
            self._found.fault("source", source, f"{path} is not the file that was built from: {what}")
            return
        again = self._first(path)
        if not _same(again, stored):
            what = f"{path} has the bytes that were built from, but {told(stored, again)}"
            self._found.fault("source", source, what)
        elif problem is not None:
            self._found.notices.append(f"{path}: only the build's own decoder could check it: {problem}")
        else:
            self._decoders_differ(path, seen)

    def _decoders_differ(self, path: Path, seen: list[int]) -> None:
        """The file gives what the index says, but only to one of the two decoders."""
        doubtful = not_found(self._stored, seen)
        for clip in self._item.clips:
            inside = [k for k in doubtful if clip["frame_start"] <= k < clip["frame_stop"]]
            if inside:
                what = f"two decoders show different pictures of its source: {span(inside)}"
                self._found.fault("frames", clip["clip_id"], what)
        what = f"{len(seen)} frames, and {len(self._stored)}"
        if doubtful:
            what = f"they differ in {span(doubtful)}"
        self._found.notices.append(f"{path} is read differently by two decoders: {what}")

    def _second(self, path: Path) -> tuple[list[int], str | None]:
        """Hashes by the second decoder, and why it could not go on."""
        seen: list[int] = []
        try:
            with SecondDecoder(path, self._limits, tagged=True) as decoder:
                self._compare(decoder, seen)
        except MediaError as error:
            return seen, error.message
        return seen, None

    def _first(self, path: Path) -> list[int]:
        """Hashes by the decoder that built."""
        seen: list[int] = []
        try:
            with Decoder(path, self._limits) as decoder:
                self._compare(decoder, seen)
        except MediaError as error:
            self._found.notices.append(str(error))
        return seen

    def _compare(self, frames: Iterable[Decoded], seen: list[int]) -> None:
        """Compares the clips whose frames all have the hashes of the index; adds all hashes to ``seen``."""
        clips = [clip for clip in self._item.clips if clip["clip_id"] not in self._found.compared]
        for clip, original in self._originals(frames, clips, seen):
            start, stop = clip["frame_start"], clip["frame_stop"]
            if len(original.planes) == stop - start and _same(seen[start:stop], self._stored[start:stop]):
                self._found.compared.add(clip["clip_id"])
                self._compare_one(clip, original)

    def _compare_one(self, clip: Row, original: Original) -> None:
        row = self._files.row(clip)
        if row is not None:
            pictures = map(self._to_cache, original.planes)
            if not all(np.array_equal(one, other) for one, other in zip(row, pictures, strict=True)):
                self._found.fault("cache", clip["clip_id"], "its cache row does not hold its source's frames")
        decoded = self._files.decode(clip)
        if decoded is not None:
            self._found.faults += against_source(clip, decoded, original)

    def _originals(
        self, frames: Iterable[Decoded], clips: list[Row], seen: list[int]
    ) -> Iterator[tuple[Row, Original]]:
        """Each clip with the frames that stand in its place, as soon as the one after its last has come."""
        scaled, rotation = self._frame.scaled, self._item.facts["rotation"]
        scale = Scaler(scaled, rotation, "bicubic")
        wanted = {k for clip in clips for k in range(clip["frame_start"] - 1, clip["frame_stop"] + 1)}
        held: dict[int, tuple[Luma, Planes]] = {}
        queue = list(clips)
        for decoded in frames:
            k = decoded.index
            seen.append(decoded.luma_hash())
            if k in wanted:
                luma = upright_luma(decoded.picture, scaled, rotation, self._full_range)
                held[k] = luma, scale(decoded.picture)
            while queue and k >= queue[0]["frame_stop"]:
                yield queue[0], self._original(queue.pop(0), held)
                oldest = queue[0]["frame_start"] - 1 if queue else k
                held = {f: both for f, both in held.items() if f >= oldest}
        for clip in queue:
            yield clip, self._original(clip, held)

    def _original(self, clip: Row, held: Mapping[int, tuple[Luma, Planes]]) -> Original:
        inside = self._frame.inside(self._item.scenes[clip["scene_id"]])
        rows, columns = slice(inside.y, inside.y + inside.height), slice(inside.x, inside.x + inside.width)
        start, stop = clip["frame_start"], clip["frame_stop"]
        around = [held[f][0][rows, columns] if f in held else None for f in range(start - 1, stop + 1)]
        planes = [
            crop_planes(held[f][1], self._frame.scaled, inside) for f in range(start, stop) if f in held
        ]
        return Original(around, planes)


def _same(seen: list[int], stored: npt.NDArray[np.uint64]) -> bool:
    return np.array_equal(np.asarray(seen, np.uint64), stored)
