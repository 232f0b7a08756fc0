"""Every promise is broken once by hand, with the sources at hand and without: `verify` names exactly that."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from skyscene.builder import build, verify
from skyscene.media import Decoder, write_film
from skyscene.store import BuildFolder
from tests.builder.broken import LIMITS, Broken, Row, copy, divided


@pytest.fixture(scope="module")
def sound(films: Path, plain: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound") / "set"
    build(films, folder, recipe=plain, workers=1)
    return divided(folder)


@pytest.fixture(params=[True, False], ids=["source", "alone"])
def broken(request: pytest.FixtureRequest, sound: Path, films: Path, tmp_path: Path, here: Any) -> Broken:
    return copy(sound, films, tmp_path, request.param, here)


@pytest.fixture
def with_source(sound: Path, films: Path, tmp_path: Path, here: Any) -> Broken:
    return copy(sound, films, tmp_path, True, here)


def test_a_sound_folder_has_no_fault(broken: Broken) -> None:
    report = verify(broken.root, executor=broken.executor)
    assert report.faults == report.notices == ()
    assert (report.clips, report.decoded, report.sources) == ((7, 7, 3) if broken.at_hand else (7, 0, 0))


def test_real_workers_find_the_same(with_source: Broken) -> None:
    report = verify(with_source.root, workers=2)
    assert report.faults == () and report.decoded == 7


@pytest.mark.parametrize("by", [-1, 1])
def test_a_clip_shifted_by_one_frame(broken: Broken, by: int) -> None:
    clip = broken.kept[1]
    broken.recut(clip, range(34 + by, 66 + by))
    assert broken.named() == {("files", clip["clip_id"]), ("frames", clip["clip_id"])}


@pytest.mark.parametrize("by", [-1, 1])
def test_a_clip_that_was_cut_one_frame_off(broken: Broken, by: int) -> None:
    clip = broken.kept[1]
    broken.recut(clip, range(34 + by, 66 + by), agreed=True)
    assert broken.named() == {("frames", clip["clip_id"])}


def test_a_clip_and_its_cache_both_cut_one_frame_off(broken: Broken) -> None:
    clip = broken.kept[1]
    broken.recut(clip, range(35, 67), agreed=True)
    broken.repack(clip, range(35, 67))
    wanted = {("frames", clip["clip_id"])}
    assert broken.named() == (wanted | {("cache", clip["clip_id"])} if broken.at_hand else wanted)


def test_a_cache_row_cut_one_frame_off(broken: Broken) -> None:
    clip = broken.kept[1]
    broken.repack(clip, range(35, 67))
    assert broken.named() == {("cache", clip["clip_id"])}


@pytest.mark.parametrize("frames", [range(2, 33), range(2, 35)], ids=["31", "33"])
def test_a_frame_dropped_or_added(broken: Broken, frames: range) -> None:
    clip = broken.kept[0]
    broken.recut(clip, frames)
    assert broken.named() == {("files", clip["clip_id"]), ("frames", clip["clip_id"])}
    assert f"decodes to {len(frames)} frames, not 32" in broken.said()


def test_a_frame_dropped_and_another_repeated(broken: Broken) -> None:
    clip = broken.kept[0]
    broken.recut(clip, [*range(2, 17), *range(18, 34), 33], agreed=True)
    # Without the source, and with both hashes right, nothing tells which of the two is the wrong one.
    assert broken.named() == {("frames" if broken.at_hand else "cache", clip["clip_id"])}


def test_two_frames_swapped_in_the_middle(with_source: Broken) -> None:
    clip = with_source.kept[0]
    with_source.recut(clip, [*range(2, 17), 18, 17, *range(19, 34)], agreed=True)
    assert with_source.named() == {("frames", clip["clip_id"])}
    assert "frame 15 should be the source's frame 17, but matches 18 better" in with_source.said()


def test_two_clips_swapped(broken: Broken) -> None:
    first, _, third = broken.kept
    one, other = broken.root / first["path"], broken.root / third["path"]
    spare = one.with_suffix(".spare")
    one.rename(spare), other.rename(one), spare.rename(other)
    ids = (first["clip_id"], third["clip_id"])
    assert broken.named() == {(promise, clip) for promise in ("files", "frames") for clip in ids}


def test_two_clips_that_were_cut_for_each_other(broken: Broken) -> None:
    first, _, third = broken.kept
    broken.recut(first, range(66, 98), agreed=True)
    broken.recut(third, range(2, 34), agreed=True)
    assert broken.named() == {("frames", first["clip_id"]), ("frames", third["clip_id"])}


def test_a_clips_byte_flipped(broken: Broken) -> None:
    clip = broken.kept[0]
    path = broken.root / clip["path"]
    data = bytearray(path.read_bytes())
    data[data.index(b"mvhd") + 8] ^= 1  # a date: the frames stay what they are
    path.write_bytes(data)
    assert broken.named() == {("files", clip["clip_id"])}


def test_a_cache_byte_flipped(broken: Broken) -> None:
    clip = broken.kept[1]
    packed = np.load(BuildFolder(broken.root).cache(clip["source_id"]), mmap_mode="r+")
    packed[1, 7, 3, 3, 0] ^= 1
    packed.flush()
    assert broken.named() == {("cache", clip["clip_id"])}


@pytest.mark.parametrize("rows", [2, 4])
def test_a_cache_with_a_row_less_or_more(broken: Broken, rows: int) -> None:
    source = broken.kept[0]["source_id"]
    path = BuildFolder(broken.root).cache(source)
    np.save(path, np.resize(np.load(path), (rows, 32, 24, 32, 3)))
    assert broken.named() == {("cache", source)}


def test_a_cache_that_is_no_array(broken: Broken) -> None:
    source = broken.kept[0]["source_id"]
    BuildFolder(broken.root).cache(source).write_bytes(b"nothing")
    assert broken.named() == {("cache", source)}


def test_a_clips_row_deleted(broken: Broken) -> None:
    gone = broken.kept[1]
    broken.edit("clips", lambda rows: [row for row in rows if row["clip_id"] != gone["clip_id"]])
    assert broken.named() == {("rows", gone["clip_id"]), ("files", gone["path"])}


def test_a_clips_row_twice(broken: Broken) -> None:
    clip = broken.kept[1]
    broken.edit("clips", lambda rows: [*rows, next(r for r in rows if r["clip_id"] == clip["clip_id"])])
    assert broken.named() == {("rows", clip["clip_id"])}


def test_a_sources_row_twice(broken: Broken) -> None:
    row = broken.rows("sources")[0]
    broken.edit("sources", lambda rows: [*rows, rows[0]])
    assert broken.named() == {("rows", row["ref_id"])}


def test_a_clips_row_altered(broken: Broken) -> None:
    clip = broken.kept[1]
    broken.alter("clips", "clip_id", clip["clip_id"], pts_start=clip["pts_start"] + 1, fps=24.0)
    assert broken.named() == {("rows", clip["clip_id"])}
    assert "differs between clips.parquet and its commit: fps, pts_start" in broken.said()


def test_a_scenes_row_altered(broken: Broken) -> None:
    scene = broken.kept[1]["scene_id"]
    broken.alter("scenes", "scene_id", scene, crop_x=8, crop_width=64)
    assert broken.named() == {("rows", scene)}


def test_a_scenes_row_made_too_short(broken: Broken) -> None:
    clip = broken.kept[2]
    broken.alter("scenes", "scene_id", clip["scene_id"], frame_stop=90)
    assert broken.named() == {("rows", clip["scene_id"]), ("scenes", clip["clip_id"])}


def test_a_transitions_row_removed(broken: Broken) -> None:
    (cut,) = broken.rows("transitions")
    broken.edit("transitions", lambda rows: [])
    assert broken.named() == {("rows", cut["source_id"])}
    assert "its cut at 50-50 is committed but not in transitions.parquet" in broken.said()


def test_a_clip_across_a_transition(broken: Broken) -> None:
    clip = broken.kept[1]
    (cut,) = broken.rows("transitions")
    broken.edit("transitions", lambda rows: [*rows, cut | {"source_id": clip["source_id"]}])
    assert broken.named() == {("rows", clip["source_id"]), ("scenes", clip["clip_id"])}


def test_two_clips_that_overlap(broken: Broken) -> None:
    clip = broken.kept[1]
    broken.agree(clip, frame_start=33, frame_stop=65)
    named = broken.named()
    # Its file and its cache row still show what they did; only now that is the wrong place.
    assert ("overlap", clip["clip_id"]) in named
    assert {where for _, where in named} == {clip["clip_id"]}


def test_an_orphan_and_a_missing_file(broken: Broken) -> None:
    clip = broken.kept[0]
    lost = broken.root / clip["path"]
    lost.rename(lost.with_name("orphan.mp4"))
    orphan = Path(clip["path"]).with_name("orphan.mp4").as_posix()
    assert broken.named() == {("files", clip["clip_id"]), ("files", orphan)}


@pytest.mark.parametrize("stray", ["clips/deadbeef/x.mp4", "cache/deadbeef.npy", "frames/deadbeef.parquet"])
def test_an_orphan_of_a_source_that_is_not_there(broken: Broken, stray: str) -> None:
    (broken.root / stray).parent.mkdir(exist_ok=True)
    (broken.root / stray).write_bytes(b"x")
    assert broken.named() == {("files", stray)}


def test_columns_that_are_missing(broken: Broken) -> None:
    path = BuildFolder(broken.root).frames(broken.kept[0]["source_id"])
    path.unlink()
    assert broken.named() == {("files", path.relative_to(broken.root).as_posix())}


def test_columns_with_damage_in_a_clip(broken: Broken) -> None:
    clip = broken.kept[1]
    _columns(broken, clip, gap=[k == 40 for k in range(100)])
    assert broken.named() == {("scenes", clip["clip_id"])}
    assert "holds damage: frame 40" in broken.said()


def test_columns_with_another_hash(with_source: Broken) -> None:
    clip = with_source.kept[1]
    hashes = _columns(with_source, clip)["luma_hash"].to_pylist()
    _columns(with_source, clip, luma_hash=[*hashes[:40], 7, *hashes[41:]])
    assert with_source.named() == {("source", clip["source_id"])}
    assert "1 of the index's frames are not in it" in with_source.said()


def _columns(broken: Broken, clip: Row, **columns: list[Any]) -> pa.Table:
    path = BuildFolder(broken.root).frames(clip["source_id"])
    table = pq.read_table(path)
    for name, values in columns.items():
        at = table.column_names.index(name)
        table = table.set_column(at, name, pa.array(values, table.schema.field(name).type))
    pq.write_table(table, path)
    return table


def test_a_source_on_two_sides(broken: Broken) -> None:
    clip = broken.kept[0]
    other = "val" if clip["split"] != "val" else "test"
    broken.alter("clips", "clip_id", clip["clip_id"], split=other)
    assert broken.named() == {("split", clip["clip_id"])}


def test_a_group_on_two_sides(broken: Broken) -> None:
    group = broken.rows("assignments")[0]["group_id"]
    broken.edit("assignments", lambda rows: [row | {"group_id": group} for row in rows])
    assert broken.named() == {("split", group)}


def _swap_source(broken: Broken, film: Path) -> str:
    """Other bytes under the two names of a.mp4; its source_id."""
    for row in broken.rows("sources"):
        if row["source_id"] == broken.kept[0]["source_id"]:
            shutil.copy(film, row["path"])
    return str(broken.kept[0]["source_id"])


def test_a_source_swapped_for_one_shifted_by_a_frame(with_source: Broken, tmp_path: Path) -> None:
    with Decoder(with_source.films / "a.mp4", LIMITS) as decoder:
        pictures = [decoded.picture for decoded in decoder]
    _lossless(tmp_path / "shifted.mp4", pictures[1:])
    source = _swap_source(with_source, tmp_path / "shifted.mp4")
    assert with_source.named() == {("source", source)}
    assert (
        "decodes to 99 frames, the index has 100: its frame k is the index's frame k+1" in with_source.said()
    )


def _lossless(path: Path, pictures: list[Any]) -> None:
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = pictures[0].width, pictures[0].height, "yuv420p"
        stream.codec_context.options = {"qp": "0", "preset": "ultrafast"}
        for index, picture in enumerate(pictures):
            picture.pts, picture.pict_type = index, 0
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))


def test_a_source_with_other_bytes_and_the_same_frames(with_source: Broken, tmp_path: Path) -> None:
    data = (with_source.films / "a.mp4").read_bytes()
    (tmp_path / "padded.mp4").write_bytes(data + (16).to_bytes(4, "big") + b"free" + bytes(8))
    source = _swap_source(with_source, tmp_path / "padded.mp4")
    assert with_source.named() == {("source", source)}
    assert "shows the frames that were built from, but has other bytes" in with_source.said()


def test_another_film_under_a_sources_name(with_source: Broken) -> None:
    source = _swap_source(with_source, with_source.films / "b.mp4")
    assert with_source.named() == {("source", source)}
    assert "decodes to 70 frames, the index has 100; 100 of the index's frames are not in it" in (
        with_source.said()
    )


def test_a_source_that_is_no_film_any_more(with_source: Broken, tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("no film " * 1000)
    source = _swap_source(with_source, tmp_path / "text.mp4")
    assert with_source.named() == {("source", source)}


def test_a_source_that_is_gone_is_no_fault(with_source: Broken) -> None:
    for row in with_source.rows("sources"):
        if row["source_id"] == with_source.kept[0]["source_id"]:
            Path(row["path"]).unlink()
    report = verify(with_source.root, executor=with_source.executor)
    assert report.faults == () and report.decoded == report.clips - 3


def test_a_still_film_is_no_shifted_one(plain: str, here: Any, tmp_path: Path) -> None:
    """Frames that repeat match their neighbours as well as themselves."""
    rng = np.random.default_rng(0)
    pictures = [np.repeat(np.repeat(rng.integers(0, 255, (9, 16, 3), np.uint8), 8, 0), 8, 1) for _ in "ab"]
    write_film(tmp_path / "held.mp4", [pictures[k // 5 % 2] for k in range(80)])
    report = build(
        tmp_path / "held.mp4", tmp_path / "set", recipe=plain, executor=here, set=["detectors.cut=false"]
    )
    assert report.funnel.kept == 2
    assert verify(report.folder, executor=here).faults == ()
    (tmp_path / "held.mp4").unlink()
    assert verify(report.folder, executor=here).faults == ()
