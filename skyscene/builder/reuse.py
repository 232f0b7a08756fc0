"""Which files of a source's clips serve its new decision as they are."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from skyscene.builder.decide import Decision
from skyscene.builder.recipe import Recipe
from skyscene.records import Clip, Crop, Interval, SourceResult
from skyscene.store import BuildFolder

Packed = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Held:
    """What is there already.

    Attributes:
        clips: clip_id of a kept clip of the new decision to the old clip whose pixels are its own.
        packed: The old cache, mapped; none where there is none.
        lost: Whether clips were written whose cache is not there or has another shape.
    """

    clips: Mapping[str, Clip] = field(default_factory=dict)
    packed: Packed | None = None
    lost: bool = False


def reusable(folder: BuildFolder, old: SourceResult, decision: Decision, recipe: Recipe) -> Held:
    """The written clips of ``old`` that show the same frames and crop as a kept clip of ``decision``.

    The settings of clips and cache must be those of the build; then frames and crop decide every byte, and a
    clip whose id alone is new (another stride) has the file of the old one.
    """
    written = [clip for clip in old.clips if clip.state == "encoded"]
    if not written:
        return Held()
    packed = _open_cache(folder.cache(old.source_id), len(written), recipe)
    if packed is None:
        return Held(lost=True)
    crops = {scene.scene_id: scene.crop for scene in old.scenes}
    places: dict[tuple[Interval, Crop], Clip] = {
        (clip.interval, crops[clip.scene_id]): clip
        for clip in written
        if clip.interval.length == packed.shape[1]
        and clip.cache_row is not None
        and 0 <= clip.cache_row < len(packed)
    }
    now = {scene.scene_id: scene.crop for scene in decision.scenes}
    held = {}
    for clip in decision.kept:
        before = places.get((clip.interval, now[clip.scene_id]))
        if before and _is_there(folder, before, clip):
            held[clip.clip_id] = before
    return Held(held, packed)


def _open_cache(path: Path, rows: int, recipe: Recipe) -> Packed | None:
    size = recipe.cache.shape
    try:
        packed: Packed = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    fits = packed.dtype == np.uint8 and packed.ndim == 5
    return packed if fits and (len(packed), *packed.shape[2:]) == (rows, size.height, size.width, 3) else None


def _is_there(folder: BuildFolder, before: Clip, clip: Clip) -> bool:
    """Whether the old file is there; one that gets another name is read to be sure of it."""
    path = folder.clip(before.source_id, before.clip_id)
    if before.clip_id == clip.clip_id or not path.is_file():
        return path.is_file()
    return hashlib.sha256(path.read_bytes()).hexdigest() == before.sha256
