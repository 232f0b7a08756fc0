"""One source's clips against its frames, decoded again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from skyscene.builder.cutting import CacheScaler
from skyscene.builder.inspect_tables import Fault
from skyscene.builder.recipe import Cutting
from skyscene.errors import MediaError, StoreError
from skyscene.media import Decoder, Scaler, Size, clip_size, crop_within, second_decode
from skyscene.media.picture import crop_planes
from skyscene.records import Crop
from skyscene.store import BuildFolder, read_frames

Planes = npt.NDArray[np.uint8]
Row = dict[str, Any]

_CLEARLY = 0.6
"""A single frame is a neighbour's if that one's error is under this share of its own."""
_ON_THE_WHOLE = 0.97
"""A clip is shifted if a neighbour's error, summed over its frames, is under this share of its own."""

_ANOTHER = 650.0
"""A clip shows something else if its mean squared error is over this (under 20 dB)."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a worker checks.

    Attributes:
        source_id: The source.
        path: Its file; none where it is not at hand.
        clips: Rows of its written clips, sorted by frame.
        scenes: Their scenes' rows by scene_id.
    """

    source_id: str
    path: Path | None
    clips: tuple[Row, ...]
    scenes: Mapping[str, Row | None]


@dataclass(frozen=True, slots=True)
class Original:
    """A clip's frames as the source has them.

    Attributes:
        before: The frame before the first, scaled and cropped; none at the source's start.
        frames: The clip's own frames.
        after: The frame after the last; none at the source's end.
        matrix: The source's YUV matrix.
    """

    before: Planes | None
    frames: list[Planes]
    after: Planes | None
    matrix: str


def inspect_source(item: Inspection, folder: BuildFolder, recipe: Cutting) -> list[Fault]:
    """Every fault of one source's files."""
    faults: list[Fault] = []
    for clip in item.clips:
        faults += _hash(clip, folder)
    packed = _open_cache(item, folder, recipe, faults)
    if item.path is None:
        for clip in item.clips:
            _decode_clip(clip, folder, recipe, faults)
        return faults
    try:
        hashes = read_frames(folder.frames(item.source_id)).luma_hash
        for clip, original in _originals(item, hashes, recipe, faults):
            if packed is not None and not _cache_equal(packed, clip, original, recipe):
                what = "its cache row does not hold its source's frames"
                faults.append(Fault("cache", clip["clip_id"], what))
            decoded = _decode_clip(clip, folder, recipe, faults)
            if decoded is not None:
                faults += _compare(clip, decoded, original)
    except (MediaError, StoreError) as error:
        faults.append(Fault("source", item.source_id, str(error)))
    return faults


def _hash(clip: Row, folder: BuildFolder) -> Iterator[Fault]:
    path = folder.root / clip["path"]
    if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() != clip["sha256"]:
        yield Fault("files", clip["clip_id"], f"{clip['path']} is not the file that was written")


def _decode_clip(clip: Row, folder: BuildFolder, recipe: Cutting, faults: list[Fault]) -> list[Planes] | None:
    """A clip's frames by the second decoder; none, and a fault, where they are not what they must be."""
    path = folder.root / clip["path"]
    if not path.is_file():
        return None
    try:
        frames = list(second_decode(path, Size(clip["width"], clip["height"])))
    except MediaError as error:
        faults.append(Fault("frames", clip["clip_id"], str(error)))
        return None
    length = recipe.windows.length
    if len(frames) != length or clip["frame_stop"] - clip["frame_start"] != length:
        faults.append(Fault("frames", clip["clip_id"], f"decodes to {len(frames)} frames, not {length}"))
        return None
    return frames


def _open_cache(
    item: Inspection, folder: BuildFolder, recipe: Cutting, faults: list[Fault]
) -> npt.NDArray[np.uint8] | None:
    path = folder.cache(item.source_id)
    size = recipe.cache.shape
    try:
        packed: npt.NDArray[np.uint8] = np.load(path, mmap_mode="r")
    except (OSError, ValueError) as error:
        faults.append(Fault("cache", item.source_id, f"{path.name} cannot be read: {error}"))
        return None
    wanted = (len(item.clips), recipe.windows.length, size.height, size.width, 3)
    if packed.shape != wanted or packed.dtype != np.uint8:
        faults.append(Fault("cache", item.source_id, f"{path.name} has shape {packed.shape}, not {wanted}"))
        return None
    return packed


def _cache_equal(packed: npt.NDArray[np.uint8], clip: Row, original: Original, recipe: Cutting) -> bool:
    row = clip["cache_row"]
    to_cache = CacheScaler(recipe.cache, original.matrix)
    return (
        row is not None
        and row < len(packed)
        and len(original.frames) == packed.shape[1]
        and all(
            np.array_equal(packed[row, index], to_cache(frame)) for index, frame in enumerate(original.frames)
        )
    )


def _originals(
    item: Inspection, hashes: npt.NDArray[np.uint64], recipe: Cutting, faults: list[Fault]
) -> Iterator[tuple[Row, Original]]:
    """Each clip with its source's frames.

    Faults of the source itself are added to ``faults``: another length, or frames with other hashes.
    """
    assert item.path is not None
    wanted = {k for clip in item.clips for k in range(clip["frame_start"] - 1, clip["frame_stop"] + 1)}
    held: dict[int, Planes] = {}
    queue = list(item.clips)
    count = wrong = 0
    with Decoder(item.path, recipe.media) as decoder:
        scale: Scaler | None = None
        for decoded in decoder:
            if scale is None:
                facts = decoder.facts()
                seen = Size(facts.width, facts.height)
                scaled = clip_size(seen, recipe.clips.long_side)
                scale = Scaler(scaled, facts.rotation, "bicubic")
            k = decoded.index
            count += 1
            wrong += k >= len(hashes) or decoded.luma_hash() != int(hashes[k])
            if k in wanted:
                held[k] = scale(decoded.picture)
            while queue and k >= min(queue[0]["frame_stop"], len(hashes) - 1):
                clip = queue.pop(0)
                crop = crop_within(_crop(item.scenes[clip["scene_id"]], seen), seen, scaled)
                part = {f: crop_planes(planes, scaled, crop) for f, planes in held.items()}
                yield clip, _original(clip, part, facts.colorspace)
                held = {f: planes for f, planes in held.items() if f >= clip["frame_stop"] - 1}
    if count != len(hashes) or wrong:
        what = f"decodes to {count} frames, {wrong} of them not those of the index ({len(hashes)} frames)"
        faults.append(Fault("source", item.source_id, what))


def _original(clip: Row, frames: Mapping[int, Planes], matrix: str) -> Original:
    start, stop = clip["frame_start"], clip["frame_stop"]
    own = [frames[f] for f in range(start, stop) if f in frames]
    return Original(frames.get(start - 1), own, frames.get(stop), matrix)


def _crop(scene: Row | None, seen: Size) -> Crop:
    if scene is None:
        return Crop(0, 0, seen.width, seen.height)
    return Crop(scene["crop_x"], scene["crop_y"], scene["crop_width"], scene["crop_height"])


def _compare(clip: Row, decoded: list[Planes], original: Original) -> Iterator[Fault]:
    """Whether each decoded frame matches its own source frame better than the ones beside it."""
    if len(original.frames) < len(decoded):
        yield Fault("frames", clip["clip_id"], "its source ends before its last frame")
        return
    around = [original.before, *original.frames, original.after]
    errors = {-1: 0.0, 0: 0.0, 1: 0.0}
    for index, frame in enumerate(decoded):
        own = _error(frame, original.frames[index])
        errors[0] += own
        for shift in (-1, 1):
            beside = around[1 + index + shift]
            other = own if beside is None else _error(frame, beside)
            errors[shift] += other
            if other < _CLEARLY * own:
                number = clip["frame_start"] + index
                what = f"frame {index} should be the source's frame {number}, but is {number + shift}"
                yield Fault("frames", clip["clip_id"], what)
                return
    if errors[0] > _ANOTHER * len(decoded):
        yield Fault("frames", clip["clip_id"], "does not show its source's frames")
    for shift in (-1, 1):
        if errors[shift] < _ON_THE_WHOLE * errors[0]:
            yield Fault("frames", clip["clip_id"], f"is shifted by {shift} against its source")


def _error(one: Planes, other: Planes) -> float:
    """Mean squared difference of two pictures' luma; infinite where the sizes differ."""
    if one.shape != other.shape:
        return float("inf")
    height = one.shape[0] * 2 // 3
    difference = one[:height].astype(np.int16) - other[:height]
    return float(np.mean(np.square(difference, dtype=np.int32))) + 1e-3
