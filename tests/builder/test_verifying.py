"""Every promise is broken once by hand, and `verify` names exactly that."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from skyscene.builder import BuildReport, Fault, split, verify
from skyscene.media import ClipSettings, Decoder, MediaLimits, Scaler, Size, encode_clip
from skyscene.store import BuildFolder


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    return pq.read_table(folder / f"{table}.parquet").to_pylist()


def edit(folder: Path, table: str, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> None:
    path = folder / f"{table}.parquet"
    old = pq.read_table(path)
    pq.write_table(pa.Table.from_pylist(change(old.to_pylist()), schema=old.schema), path)


@pytest.fixture
def good(built: BuildReport, here: Any) -> Path:
    split(built.folder, val=0.3, test=0.3)
    return built.folder


@pytest.fixture
def kept(good: Path) -> list[dict[str, Any]]:
    """The three clips of a.mp4."""
    source = next(row["source_id"] for row in rows(good, "sources") if row["path"].endswith("a.mp4"))
    return [clip for clip in rows(good, "clips") if clip["source_id"] == source]


def faults(folder: Path, here: Any) -> list[Fault]:
    return list(verify(folder, executor=here).faults)


def rewrite(folder: Path, clip: dict[str, Any], film: Path, frames: list[int], limits: MediaLimits) -> None:
    """A clip's file with other frames of its source, and a hash that fits it."""
    scale = Scaler(Size(clip["width"], clip["height"]), 0, "bicubic")
    with Decoder(film, limits) as decoder:
        planes = [scale(decoded.picture) for decoded in decoder]
    settings = ClipSettings(long_side=640, crf=12, preset="ultrafast")
    size = Size(clip["width"], clip["height"])
    encode_clip(folder / clip["path"], [planes[k] for k in frames], size, clip["fps"], "bt709", settings)


def test_a_sound_folder_has_no_fault(good: Path, here: Any) -> None:
    report = verify(good, executor=here)
    assert report.faults == () and report.clips == report.decoded == 7 and report.sources == 3


def test_real_workers_find_the_same(good: Path) -> None:
    assert verify(good, workers=2).faults == ()


def test_a_clip_shifted_by_one_frame_is_named(
    good: Path, kept: list[dict[str, Any]], films: Path, limits: MediaLimits, here: Any
) -> None:
    clip = kept[1]
    rewrite(good, clip, films / "a.mp4", [k + 1 for k in range(34, 66)], limits)
    found = faults(good, here)
    assert {fault.where for fault in found} == {clip["clip_id"]}
    assert any(fault.promise == "frames" and "35" in fault.what for fault in found)


def test_a_dropped_frame_is_named(
    good: Path, kept: list[dict[str, Any]], films: Path, limits: MediaLimits, here: Any
) -> None:
    clip = kept[0]
    rewrite(good, clip, films / "a.mp4", list(range(2, 33)), limits)
    assert Fault("frames", clip["clip_id"], "decodes to 31 frames, not 32") in faults(good, here)


def test_two_clips_swapped_are_both_named(good: Path, kept: list[dict[str, Any]], here: Any) -> None:
    one, other = good / kept[0]["path"], good / kept[2]["path"]
    spare = one.with_suffix(".spare")
    one.rename(spare), other.rename(one), spare.rename(other)
    found = faults(good, here)
    assert {fault.where for fault in found} == {kept[0]["clip_id"], kept[2]["clip_id"]}
    assert {"files", "frames"} <= {fault.promise for fault in found}


def test_a_flipped_cache_byte_is_named(good: Path, kept: list[dict[str, Any]], here: Any) -> None:
    path = BuildFolder(good).cache(kept[0]["source_id"])
    packed = np.load(path, mmap_mode="r+")
    packed[1, 7, 3, 3, 0] ^= 1
    packed.flush()
    assert [(f.promise, f.where) for f in faults(good, here)] == [("cache", kept[1]["clip_id"])]


def test_a_cache_of_another_shape_is_named(good: Path, kept: list[dict[str, Any]], here: Any) -> None:
    path = BuildFolder(good).cache(kept[0]["source_id"])
    np.save(path, np.load(path)[:2])
    assert [(f.promise, f.where) for f in faults(good, here)] == [("cache", kept[0]["source_id"])]


def test_a_deleted_row_is_named(good: Path, kept: list[dict[str, Any]], here: Any) -> None:
    gone = kept[1]["clip_id"]
    edit(good, "clips", lambda table: [row for row in table if row["clip_id"] != gone])
    found = faults(good, here)
    assert Fault("rows", gone, "is committed but not in clips.parquet") in found
    assert any(f.promise == "files" and f.where == kept[1]["path"] for f in found)


def test_an_orphan_and_a_missing_file_are_named(good: Path, kept: list[dict[str, Any]], here: Any) -> None:
    lost = good / kept[0]["path"]
    lost.rename(lost.with_name("orphan.mp4"))
    found = {(f.promise, f.where) for f in faults(good, here)}
    orphan = Path(kept[0]["path"]).with_name("orphan.mp4").as_posix()
    assert found == {("files", kept[0]["clip_id"]), ("files", orphan)}


def test_a_source_on_two_sides_is_named(good: Path, kept: list[dict[str, Any]], here: Any) -> None:
    clip = kept[0]
    other = "val" if clip["split"] != "val" else "test"

    def move(table: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**row, "split": other} if row["clip_id"] == clip["clip_id"] else row for row in table]

    edit(good, "clips", move)
    assert [(f.promise, f.where) for f in faults(good, here)] == [("split", clip["clip_id"])]


def test_a_group_on_two_sides_is_named(good: Path, here: Any) -> None:
    group = rows(good, "assignments")[0]["group_id"]
    edit(good, "assignments", lambda table: [{**row, "group_id": group} for row in table])
    assert [(f.promise, f.where) for f in faults(good, here)] == [("split", group)]


def test_a_clip_across_a_transition_and_an_overlap_are_named(
    good: Path, kept: list[dict[str, Any]], here: Any
) -> None:
    source = kept[0]["source_id"]
    cut = {
        "source_id": source,
        "frame_start": 50,
        "frame_stop": 50,
        "kind": "cut",
        "score": 1.0,
        "detector": "x",
    }
    edit(good, "transitions", lambda table: [*table, cut])
    found = faults(good, here)
    assert [(f.promise, f.where) for f in found] == [("scenes", kept[1]["clip_id"])]


def test_a_source_that_changed_is_named_and_one_that_is_gone_is_not(
    good: Path, kept: list[dict[str, Any]], films: Path, here: Any, tmp_path: Path
) -> None:
    moved = tmp_path / "elsewhere.mp4"
    shutil.copy(films / "b.mp4", moved)

    def elsewhere(table: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            {**row, "path": str(moved)} if row["source_id"] == kept[0]["source_id"] else row for row in table
        ]

    edit(good, "sources", elsewhere)
    found = faults(good, here)
    assert ("source", kept[0]["source_id"]) in {(f.promise, f.where) for f in found}
    moved.unlink()
    report = verify(good, executor=here)
    assert report.faults == () and report.decoded == report.clips - 3
