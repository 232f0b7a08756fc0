"""Kept clips written: the mp4s, and the packed cache, from the same scaled frames."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from skyscene.builder.analyse import Analysis
from skyscene.builder.decide import Decision
from skyscene.builder.packed import PackedWriter
from skyscene.builder.recipe import CacheSettings, Recipe
from skyscene.builder.spool import Spool
from skyscene.errors import MediaError
from skyscene.media import Decoder, RgbScaler, Scaler, Size, clip_size, encode_clip
from skyscene.media.picture import crop_planes, stored_matrix
from skyscene.records import Clip, Crop, StreamFacts
from skyscene.store import BuildFolder, replacing

Planes = npt.NDArray[np.uint8]


def write_clips(
    path: Path, folder: BuildFolder, recipe: Recipe, analysis: Analysis, decision: Decision, spool: Spool
) -> tuple[Clip, ...]:
    """Encodes and caches the kept clips of one source.

    Returns:
        All clips of the decision, the kept ones with their state, path, hash and cache row.

    Raises:
        MediaError: The source cannot be read a second time as it was the first.
        StoreError: The folder cannot be written.
    """
    kept = decision.kept
    if not kept:
        return decision.clips
    facts = analysis.facts
    scaled = clip_size(Size(facts.width, facts.height), recipe.clips.long_side)
    rows = {clip.clip_id: row for row, clip in enumerate(kept)}
    size = recipe.cache.shape
    shape = (len(kept), recipe.windows.length, size.height, size.width, 3)
    written: dict[str, Clip] = {}
    with replacing(folder.cache(kept[0].source_id)) as temporary, PackedWriter(temporary, shape) as packed:
        writer = ClipWriter(folder, recipe, facts, decision, packed)
        for clip, frames in _clip_frames(path, recipe, analysis, kept, spool, scaled):
            written[clip.clip_id] = writer.write(clip, frames, rows[clip.clip_id])
        packed.sync()
    return tuple(written.get(clip.clip_id, clip) for clip in decision.clips)


class ClipWriter:
    """Writes clips of one source: each as a file, and as a row of the packed frames.

    Args:
        folder: The build folder.
        recipe: Sizes and settings.
        facts: The source's stream facts.
        decision: What the clips' scenes are cropped to.
        packed: Gets the rows.
    """

    def __init__(
        self,
        folder: BuildFolder,
        recipe: Recipe,
        facts: StreamFacts,
        decision: Decision,
        packed: PackedWriter,
    ) -> None:
        self._folder, self._recipe, self._packed = folder, recipe, packed
        self._crops = decision.crops
        self._matrix = stored_matrix(facts.colorspace)
        self._scaled = clip_size(Size(facts.width, facts.height), recipe.clips.long_side)
        self._to_cache = CacheScaler(recipe.cache, facts.colorspace)

    def write(self, clip: Clip, frames: Iterable[Planes], row: int) -> Clip:
        """Writes one clip from its scaled frames.

        Returns:
            The clip with its state, path, cache row, and the hashes of its file and of that row.
        """
        pictures = [crop_planes(planes, self._scaled, self._crops[clip.scene_id]) for planes in frames]
        cached = np.stack([self._to_cache(picture) for picture in pictures])
        self._packed.write(row, cached)
        path = self._folder.clip(clip.source_id, clip.clip_id)
        with replacing(path) as temporary:
            size = Size(clip.width, clip.height)
            encode_clip(temporary, pictures, size, clip.fps, self._matrix, self._recipe.clips)
            digest = hashlib.sha256(temporary.read_bytes()).hexdigest()
        return replace(
            clip,
            state="encoded",
            path=self._folder.relative(path),
            cache_row=row,
            sha256=digest,
            cache_sha256=hashlib.sha256(cached.data).hexdigest(),
        )


class CacheScaler:
    """Makes frames of the cache: uint8 RGB of the cache's size, from planes of any size.

    Args:
        cache: Size and fit.
        matrix: The planes' YUV matrix.
    """

    def __init__(self, cache: CacheSettings, matrix: str) -> None:
        self._cache = cache
        self._scale = RgbScaler(cache.shape, matrix)

    def __call__(self, picture: Planes) -> npt.NDArray[np.uint8]:
        """One frame, shape (height, width, 3)."""
        if self._cache.fit == "crop":
            size = Size(picture.shape[1], picture.shape[0] * 2 // 3)
            picture = crop_planes(picture, size, middle(size, self._cache.shape))
        return self._scale(picture)


def middle(size: Size, shape: Size) -> Crop:
    """The largest even rectangle of ``shape``'s aspect in the middle of a picture.

    >>> str(middle(Size(640, 360), Size(128, 128)))
    '360x360+140+0'
    """
    width = min(size.width, size.height * shape.width // shape.height) // 2 * 2
    height = min(size.height, size.width * shape.height // shape.width) // 2 * 2
    return Crop((size.width - width) // 4 * 2, (size.height - height) // 4 * 2, width, height)


def _clip_frames(
    path: Path, recipe: Recipe, analysis: Analysis, kept: list[Clip], spool: Spool, scaled: Size
) -> Iterator[tuple[Clip, list[Planes]]]:
    """The scaled frames of every kept clip: from the spool, else by a second decode of those spans."""
    later = []
    for clip in kept:
        if spool.holds(clip.interval):
            yield clip, list(spool.read(clip.interval))
        else:
            later.append(clip)
    if later:
        yield from _decode_again(path, recipe, analysis, later, scaled)


def _decode_again(
    path: Path, recipe: Recipe, analysis: Analysis, clips: list[Clip], scaled: Size
) -> Iterator[tuple[Clip, list[Planes]]]:
    """The same by counting frames from the start again; each must have the hash it had the first time."""
    scale = Scaler(scaled, analysis.facts.rotation, "bicubic")
    queue = iter(clips)
    clip = next(queue)
    frames: list[Planes] = []
    with Decoder(path, recipe.media) as decoder:
        for decoded in decoder:
            if decoded.index not in clip.interval:
                continue
            if decoded.luma_hash() != int(analysis.frames.luma_hash[decoded.index]):
                break
            frames.append(scale(decoded.picture))
            if len(frames) < clip.interval.length:
                continue
            yield clip, frames
            frames = []
            following = next(queue, None)
            if following is None:
                return
            clip = following
    raise MediaError("changed", f"{path} changed while it was read: build it again")
