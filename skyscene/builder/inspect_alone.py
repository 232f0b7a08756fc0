"""Clips without their source: by the stored columns, and each file against its row in the cache."""

from __future__ import annotations

from typing import Any

import numpy as np

from skyscene.builder.cutting import CacheScaler
from skyscene.builder.inspect_clip import Planes, Tiles, against_cache
from skyscene.builder.inspect_files import ClipFiles
from skyscene.builder.inspect_hashes import span
from skyscene.builder.inspection import Findings, Frame, Inspection
from skyscene.builder.recipe import Cutting
from skyscene.records import Frames

Row = dict[str, Any]


def inspect_places(item: Inspection, frames: Frames, found: Findings) -> None:
    """What the columns say of the clips' places: their number, damage, and time stamps."""
    if len(frames) != item.facts["frames"]:
        what = f"has {len(frames)} rows of columns for {item.facts['frames']} frames"
        found.fault("source", item.source_id, what)
    for clip in item.clips:
        start, stop = clip["frame_start"], clip["frame_stop"]
        if stop > len(frames):
            found.fault("frames", clip["clip_id"], f"ends at frame {stop} of {len(frames)}")
        elif frames.gap[start:stop].any():
            damaged = (np.flatnonzero(frames.gap[start:stop]) + start).tolist()
            found.fault("scenes", clip["clip_id"], f"holds damage: {span(damaged)}")
        elif frames.pts[start] != clip["pts_start"]:
            found.fault("frames", clip["clip_id"], "its time stamp is not that of its first frame")


def inspect_alone(
    clip: Row, item: Inspection, files: ClipFiles, frames: Frames | None, recipe: Cutting, found: Findings
) -> None:
    """Whether a clip shows what the columns and the cache say."""
    decoded = files.decode(clip)
    if decoded is None:
        return
    what = _by_columns(clip, item, frames, decoded, recipe)
    if what is not None:
        found.fault("frames", clip["clip_id"], what)
        return
    row = files.row(clip)
    if row is None:
        return
    to_cache = CacheScaler(recipe.cache, item.facts["colorspace"])
    what = against_cache([to_cache(planes) for planes in decoded], list(row))
    if what is not None:
        # A row with the hash that was written is right if the file is not the one that was.
        promise = "cache" if files.is_intact(clip) else "frames"
        found.fault(promise, clip["clip_id"], f"its file and its cache row differ: {what}")


def _by_columns(
    clip: Row, item: Inspection, frames: Frames | None, decoded: list[Planes], recipe: Cutting
) -> str | None:
    stored = None if frames is None else frames.columns.get("tiles_luma")
    columns = item.tile_columns
    if stored is None or stored.ndim != 2 or not columns or stored.shape[1] % columns:
        return None
    frame = Frame.of(item.facts, recipe)
    inside = frame.inside(item.scenes[clip["scene_id"]])
    others = [other["frame_start"] for other in item.clips]
    return Tiles(stored, columns).mismatch(clip, decoded, inside, frame.scaled, others)
