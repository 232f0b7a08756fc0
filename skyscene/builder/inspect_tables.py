"""What the tables promise and can be checked without decoding."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from skyscene.records import Interval
from skyscene.store import BuildFolder, read_assignments, read_result, read_rows

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """A broken promise.

    Attributes:
        promise: frames, scenes, overlap, split, files, cache, source, rows, readable.
        where: The clip_id, source_id or path.
        what: What is wrong.
    """

    promise: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.promise}: {self.where}: {self.what}"


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
    yield from _files(folder, kept)
    yield from _rows(folder, tables)


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


def _files(folder: BuildFolder, kept: list[Row]) -> Iterator[Fault]:
    """Every written clip has its file, and no other file lies about."""
    written = [clip for clip in kept if clip["state"] == "encoded"]
    for clip in written:
        if not (folder.root / clip["path"]).is_file():
            yield Fault("files", clip["clip_id"], f"{clip['path']} is missing")
    clips = {clip["path"] for clip in written}
    caches = {folder.relative(folder.cache(clip["source_id"])) for clip in written}
    for pattern, known in (("clips/*/*", clips), ("cache/*", caches)):
        for path in sorted(folder.root.glob(pattern)):
            if folder.relative(path) not in known:
                yield Fault("files", folder.relative(path), "belongs to no clip in the index")


def _rows(folder: BuildFolder, tables: Tables) -> Iterator[Fault]:
    """The clips in the table are those of the commits."""
    have: dict[str, dict[str, Row]] = defaultdict(dict)
    for clip in tables.clips:
        have[clip["source_id"]][clip["clip_id"]] = clip
    for source_id in sorted({row["source_id"] for row in tables.sources if row["source_id"]}):
        result = read_result(folder, source_id)
        if result is None:
            yield Fault("rows", source_id, "has no commit: run the build again")
            continue
        committed = {clip.clip_id: clip for clip in result.clips}
        mine = have.pop(source_id, {})
        for clip_id in sorted(committed.keys() - mine.keys()):
            yield Fault("rows", clip_id, "is committed but not in clips.parquet")
        for clip_id in sorted(mine.keys() - committed.keys()):
            yield Fault("rows", clip_id, "is in clips.parquet but was never committed")
        for clip_id in sorted(committed.keys() & mine.keys()):
            meant, row = committed[clip_id], mine[clip_id]
            if (meant.kept, meant.interval, meant.sha256) != (row["kept"], _interval(row), row["sha256"]):
                yield Fault("rows", clip_id, "differs between clips.parquet and its commit")
    for source_id in sorted(have):
        yield Fault("rows", source_id, "has clips, but is not in sources.parquet")
