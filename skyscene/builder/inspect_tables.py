"""What the tables promise and can be checked without decoding."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from skyscene.builder.fault import Fault
from skyscene.builder.inspect_rows import inspect_rows
from skyscene.records import Interval
from skyscene.store import BuildFolder, read_assignments, read_rows

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tables:
    """The rows of a build folder's tables."""

    sources: list[Row]
    transitions: list[Row]
    scenes: list[Row]
    clips: list[Row]


def read_tables(folder: BuildFolder) -> Tables:
    """All tables of a build folder.

    Raises:
        StoreError: One is missing or broken.
    """
    return Tables(
        read_rows(folder.sources, "sources"),
        read_rows(folder.transitions, "transitions"),
        read_rows(folder.scenes, "scenes"),
        read_rows(folder.clips, "clips"),
    )


def inspect_tables(folder: BuildFolder, tables: Tables) -> Iterator[Fault]:
    """Every fault that shows without decoding."""
    kept = [clip for clip in tables.clips if clip["kept"]]
    yield from _scenes(tables, kept)
    yield from _overlaps(kept)
    yield from _split(folder, kept)
    yield from _files(folder, tables, kept)
    yield from inspect_rows(folder, {name: getattr(tables, name) for name in Tables.__slots__})


def _interval(row: Row) -> Interval:
    return Interval(row["frame_start"], row["frame_stop"])


def _scenes(tables: Tables, kept: list[Row]) -> Iterator[Fault]:
    """No clip leaves its scene or meets a transition."""
    scenes = {scene["scene_id"]: scene for scene in tables.scenes}
    transitions: dict[str, list[Row]] = defaultdict(list)
    for row in tables.transitions:
        transitions[row["source_id"]].append(row)
    for clip in kept:
        interval = _interval(clip)
        scene = scenes.get(clip["scene_id"])
        if scene is None:
            yield Fault("scenes", clip["clip_id"], f"its scene {clip['scene_id']} is not in scenes.parquet")
        elif not _interval(scene).covers(interval):
            yield Fault("scenes", clip["clip_id"], f"frames {_shown(clip)} leave its scene {_shown(scene)}")
        for row in transitions[clip["source_id"]]:
            if _crosses(interval, _interval(row)):
                what = f"frames {_shown(clip)} meet a {row['kind']} at {_shown(row)}"
                yield Fault("scenes", clip["clip_id"], what)


def _crosses(interval: Interval, span: Interval) -> bool:
    """Whether a transition is in an interval; a hard cut is empty and may lie at its ends."""
    if span.length == 0:
        return interval.start < span.start < interval.stop
    return interval.overlaps(span)


def _shown(row: Row) -> str:
    return f"{row['frame_start']}-{row['frame_stop']}"


def _overlaps(kept: list[Row]) -> Iterator[Fault]:
    """No two clips of a source share a frame."""
    ordered = sorted(kept, key=lambda clip: (clip["source_id"], clip["frame_start"]))
    for one, other in itertools.pairwise(ordered):
        if one["clip_id"] == other["clip_id"]:
            continue  # One row twice, which is told with the rows.
        if one["source_id"] == other["source_id"] and _interval(one).overlaps(_interval(other)):
            yield Fault("overlap", other["clip_id"], f"shares frames with {one['clip_id']}")


def _split(folder: BuildFolder, kept: list[Row]) -> Iterator[Fault]:
    """After a split every kept clip has its source's side, and no source or group has two."""
    assignments = read_assignments(folder)
    if not assignments:
        return
    sides = {item.source_id: item.side for item in assignments}
    groups: dict[str, set[str]] = defaultdict(set)
    for item in assignments:
        groups[item.group_id].add(item.side)
    for group, found in sorted(groups.items()):
        if len(found) > 1:
            yield Fault("split", group, f"its sources are on {' and '.join(sorted(found))}")
    for clip in kept:
        if clip["state"] == "pending":
            continue
        side = sides.get(clip["source_id"])
        if clip["split"] is None:
            yield Fault("split", clip["clip_id"], "has no side: run `skyscene split` again")
        elif clip["split"] != side:
            yield Fault("split", clip["clip_id"], f"is in {clip['split']}, its source in {side}")


def _files(folder: BuildFolder, tables: Tables, kept: list[Row]) -> Iterator[Fault]:
    """Every written clip and every decoded source has its files, and no other file lies about."""
    written = [clip for clip in kept if clip["state"] == "encoded"]
    for clip in written:
        if not (folder.root / clip["path"]).is_file():
            yield Fault("files", clip["clip_id"], f"{clip['path']} is missing")
    decoded = {row["source_id"] for row in tables.sources if row["status"] == "done"}
    columns = {path(source_id) for source_id in decoded for path in (folder.frames, folder.thumbs)}
    for path in sorted(columns):
        if not path.is_file():
            yield Fault("files", folder.relative(path), "is missing")
    clips = {clip["path"] for clip in written}
    caches = {folder.relative(folder.cache(clip["source_id"])) for clip in written}
    for pattern, known, owner in (
        ("clips/*/*", clips, "clip"),
        ("cache/*", caches, "clip"),
        ("frames/*", set(map(folder.relative, columns)), "source"),
    ):
        for path in sorted(folder.root.glob(pattern)):
            if folder.relative(path) not in known:
                yield Fault("files", folder.relative(path), f"belongs to no {owner} in the index")
