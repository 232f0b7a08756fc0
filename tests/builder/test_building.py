from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from skyscene.builder import BuildReport, Event, build, split
from skyscene.errors import BusyError, ManifestError, RecipeError, SkySceneError, StoreError
from skyscene.store import BuildFolder, writing

Tree = Callable[[Path], dict[str, bytes]]


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    return pq.read_table(folder / f"{table}.parquet").to_pylist()


def kept_of(folder: Path, name: str) -> list[dict[str, Any]]:
    source = next(row["source_id"] for row in rows(folder, "sources") if Path(row["path"]).name == name)
    return [clip for clip in rows(folder, "clips") if clip["source_id"] == source and clip["kept"]]


def test_every_window_of_a_clean_film_is_there_with_its_files(built: BuildReport) -> None:
    clips = kept_of(built.folder, "a.mp4")
    assert [(clip["frame_start"], clip["frame_stop"]) for clip in clips] == [(2, 34), (34, 66), (66, 98)]
    assert [clip["cache_row"] for clip in clips] == [0, 1, 2]
    for clip in clips:
        assert clip["state"] == "encoded" and (built.folder / clip["path"]).is_file()
        assert clip["pts_stop"] > clip["pts_start"] and clip["fps"] == 30.0
        assert (clip["width"], clip["height"]) == (128, 72) and clip["split"] is None
        assert clip["clip_key"] == f"{clip['source_id']}:{clip['pts_start']}-{clip['pts_stop']}"
    cache = np.load(built.folder / "cache" / f"{clips[0]['source_id']}.npy")
    assert cache.shape == (3, 32, 24, 32, 3) and cache.dtype == np.uint8 and cache.std() > 5


def test_no_clip_crosses_a_cut_and_the_margin_is_kept(built: BuildReport) -> None:
    spans = [(clip["frame_start"], clip["frame_stop"]) for clip in kept_of(built.folder, "cut.mp4")]
    assert len(spans) == 2
    assert spans[0][1] <= 48 and spans[1][0] >= 52
    cuts = [row for row in rows(built.folder, "transitions") if row["kind"] == "cut"]
    assert [(row["frame_start"], row["frame_stop"]) for row in cuts] == [(50, 50)]


def test_the_same_bytes_under_another_name_are_a_row_and_no_clips(built: BuildReport) -> None:
    by_name = {Path(row["path"]).name: row for row in rows(built.folder, "sources")}
    one, other = by_name["a.mp4"], by_name["same.mp4"]
    assert one["source_id"] == other["source_id"] and one["status"] == other["status"] == "done"
    owner = min(one["ref_id"], other["ref_id"])
    assert {one["duplicate_of"], other["duplicate_of"]} == {None, owner}
    ids = [clip["clip_id"] for clip in rows(built.folder, "clips")]
    assert len(ids) == len(set(ids)) == built.funnel.windows


def test_workers_order_and_reruns_do_not_change_a_byte(
    built: BuildReport, films: Path, plain: str, tmp_path: Path, files_of: Tree
) -> None:
    names = [str(films / name) for name in ("same.mp4", "cut.mp4", "b.mp4", "a.mp4")]
    other = build(names, tmp_path / "other", recipe=plain, workers=2)
    assert files_of(other.folder) == files_of(built.folder)
    again = build(names, tmp_path / "other", recipe=plain, workers=1)
    assert again.built == 0
    assert files_of(again.folder) == files_of(built.folder)
    four = build(films, tmp_path / "four", recipe=plain, workers=4)
    assert files_of(four.folder) == files_of(built.folder)


def test_a_build_that_was_cut_off_goes_on_to_the_same_bytes(
    built: BuildReport, films: Path, plain: str, here: Any, tmp_path: Path, files_of: Tree
) -> None:
    class Interrupted(Exception):
        pass

    def stop(event: Event) -> None:
        if event.kind == "built":
            raise Interrupted

    with pytest.raises(Interrupted):
        build(films, tmp_path / "half", recipe=plain, executor=here, watch=stop)
    half = BuildFolder(tmp_path / "half")
    assert not half.clips.exists() and len(list(half.contents.iterdir())) == 1
    done = next(half.contents.iterdir()).stat().st_mtime_ns
    build(films, tmp_path / "half", recipe=plain, executor=here)
    assert files_of(half.root) == files_of(built.folder)
    assert min(path.stat().st_mtime_ns for path in half.contents.iterdir()) == done


def test_adding_sources_changes_no_row_but_duplicate_of(
    films: Path, plain: str, here: Any, tmp_path: Path
) -> None:
    out = tmp_path / "set"
    build(films / "a.mp4", out, recipe=plain, executor=here)
    before = {table: rows(out, table) for table in ("sources", "clips", "scenes")}
    build(films, out, recipe=plain, executor=here)
    for table, key in (("sources", "ref_id"), ("clips", "clip_id"), ("scenes", "scene_id")):
        after = {row[key]: row for row in rows(out, table)}
        for row in before[table]:
            assert {**after[row[key]], "duplicate_of": None} == {**row, "duplicate_of": None}


def test_adding_sources_moves_no_clip_to_another_side(
    films: Path, plain: str, here: Any, tmp_path: Path
) -> None:
    out = tmp_path / "set"
    build([films / "a.mp4", films / "b.mp4", films / "cut.mp4"], out, recipe=plain, executor=here)
    split(out)
    before = {row["clip_id"]: row for row in rows(out, "clips")}
    assert {row["split"] for row in before.values()} == {"train", "val", "test"}
    sides = rows(out, "assignments")
    build(films, out, recipe=plain, executor=here)
    split(out)
    after = {row["clip_id"]: row for row in rows(out, "clips")}
    assert after == before, "the added file has the bytes of another"
    assert rows(out, "assignments") == sides


@pytest.mark.parametrize("spool", [0, 1])
def test_a_spool_that_is_too_small_costs_a_decode_and_changes_nothing(
    built: BuildReport, films: Path, plain: str, here: Any, tmp_path: Path, files_of: Tree, spool: int
) -> None:
    other = build(films, tmp_path / "o", recipe=plain, set=[f"media.spool_mb={spool}"], executor=here)
    assert files_of(other.folder) == files_of(built.folder)


def test_without_clips_the_kept_are_pending_and_a_later_build_writes_them(
    built: BuildReport, films: Path, plain: str, here: Any, tmp_path: Path, files_of: Tree
) -> None:
    out = tmp_path / "index"
    report = build(films, out, recipe=plain, executor=here, clips=False)
    assert report.funnel.kept == 0 and report.funnel.pending == built.funnel.kept
    assert not (out / "clips").exists() and not (out / "cache").exists()
    sides = split(out)
    assert sides.pending == built.funnel.kept and not sides.sources
    assert all(clip["split"] is None for clip in rows(out, "clips"))
    (out / "assignments.parquet").unlink()
    build(films, out, recipe=plain, executor=here)
    assert files_of(out) == files_of(built.folder)


def test_bad_sources_become_rows_with_reasons_and_stop_nothing(
    films: Path, plain: str, here: Any, tmp_path: Path
) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    shutil.copy(films / "b.mp4", folder / "good.mp4")
    (folder / "empty.mp4").touch()
    (folder / "text.mp4").write_text("no video here\n" * 100)
    manifest = tmp_path / "list.txt"
    manifest.write_text(f"{folder}/good.mp4\n{folder}/empty.mp4\n{folder}/text.mp4\n{folder}/none.mp4\n")
    report = build(manifest, tmp_path / "set", recipe=plain, executor=here)
    found = {Path(str(row["path"])).name: row for row in rows(report.folder, "sources")}
    assert found["good.mp4"]["status"] == "done" and report.funnel.kept == 2
    assert found["empty.mp4"]["reason"].startswith("empty-file: ")
    assert found["text.mp4"]["reason"].startswith("not-a-video: ")
    assert {row["status"] for row in rows(report.folder, "sources")} == {"done", "failed", "missing"}
    assert len(report.faults) == 3


def test_the_largest_file_is_begun_first(films: Path, plain: str, here: Any, tmp_path: Path) -> None:
    seen: list[str] = []

    def watch(event: Event) -> None:
        if event.kind == "acquire":
            seen.append(event.text)

    build(films, tmp_path / "set", recipe=plain, executor=here, watch=watch)
    sizes = [Path(name).stat().st_size for name in seen]
    assert len(sizes) > 2 and sizes == sorted(sizes, reverse=True)


def test_a_second_build_in_one_folder_is_refused(films: Path, plain: str, here: Any, tmp_path: Path) -> None:
    with (
        writing(BuildFolder(tmp_path / "set")),
        pytest.raises(BusyError, match="another skyscene command is writing"),
    ):
        build(films, tmp_path / "set", recipe=plain, executor=here)


def test_another_recipe_in_one_folder_is_refused_with_the_keys(
    built: BuildReport, films: Path, plain: str, here: Any
) -> None:
    with pytest.raises(StoreError, match=r"windows\.margin: 2 -> 5"):
        build(films, built.folder, recipe=plain, set=["windows.margin=5"], executor=here)
    # How it is carried out may change.
    build(films, built.folder, recipe=plain, set=["media.max_minutes=3"], executor=here)


def test_a_folder_with_other_things_in_it_is_left_alone(
    films: Path, plain: str, here: Any, tmp_path: Path
) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(StoreError, match="not empty and not a build folder"):
        build(films, tmp_path, recipe=plain, executor=here)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(("length", "count"), [(16, 6), (100, 1), (128, 0)])
def test_length_is_a_value_of_the_recipe(
    films: Path, plain: str, here: Any, tmp_path: Path, length: int, count: int
) -> None:
    changes = [f"windows.length={length}", f"windows.stride={length}"]
    report = build(films / "a.mp4", tmp_path / "set", recipe=plain, set=changes, executor=here)
    clips = rows(report.folder, "clips")
    assert len(clips) == count
    assert all(clip["frame_stop"] - clip["frame_start"] == length for clip in clips)
    scenes = rows(report.folder, "scenes")
    assert [scene["reasons"] for scene in scenes] == [[] if count else ["short"]]


def test_a_long_source_cannot_fill_the_set(films: Path, plain: str, here: Any, tmp_path: Path) -> None:
    changes = ["windows.max_clips_per_source=2", "windows.length=10", "windows.stride=10"]
    report = build(films / "a.mp4", tmp_path / "set", recipe=plain, set=changes, executor=here)
    clips = rows(report.folder, "clips")
    assert [clip["frame_start"] for clip in clips if clip["kept"]] == [20, 70]
    assert {tuple(clip["reasons"]) for clip in clips if not clip["kept"]} == {("source-cap",)}


def test_the_resolved_recipe_and_the_facts_of_the_run_lie_beside(built: BuildReport) -> None:
    table = tomllib.loads((built.folder / "recipe.toml").read_text())
    assert table["windows"]["length"] == 32 and table["cache"]["size"] == [32, 24]
    facts = json.loads((built.folder / "build.json").read_text())
    assert facts["resolved"] == table and facts["funnel"]["kept"] == built.funnel.kept
    assert facts["seconds"] > 0 and facts["packages"]["av"]


def test_thresholds_do_not_change_a_clip_id(
    built: BuildReport, films: Path, plain: str, here: Any, tmp_path: Path
) -> None:
    other = build(films, tmp_path / "o", recipe=plain, set=["filters.dark.max_p99=18"], executor=here)
    assert [c["clip_id"] for c in rows(other.folder, "clips")] == [
        c["clip_id"] for c in rows(built.folder, "clips")
    ]
    third = build(films, tmp_path / "p", recipe=plain, set=["clips.crf=20"], executor=here)
    assert not {c["clip_id"] for c in rows(third.folder, "clips")} & {
        c["clip_id"] for c in rows(built.folder, "clips")
    }


def test_official_sides_of_a_manifest_are_kept(films: Path, plain: str, here: Any, tmp_path: Path) -> None:
    manifest = tmp_path / "list.csv"
    lines = [f"{films}/a.mp4,test,x", f"{films}/b.mp4,train,y", f"{films}/cut.mp4,train,z"]
    manifest.write_text("\n".join(["path,official_split,note", *lines]) + "\n")
    notes: list[str] = []
    out = tmp_path / "set"
    build(
        manifest,
        out,
        recipe=plain,
        executor=here,
        watch=lambda event: notes.append(event.text) if event.kind == "note" else None,
    )
    assert len(notes) == 1 and "note" in notes[0]
    split(out, val=0.4, test=0.1, keep_official=True)
    side = {Path(row["path"]).name: row["source_id"] for row in rows(out, "sources")}
    given = {clip["source_id"]: clip["split"] for clip in rows(out, "clips")}
    assert given[side["a.mp4"]] == "test"
    assert {given[side["b.mp4"]], given[side["cut.mp4"]]} == {"train", "val"}
    assert json.loads(rows(out, "sources")[0]["extras"]).keys() == {"note"}


def test_official_sides_that_no_source_has_are_refused(built: BuildReport) -> None:
    with pytest.raises(SkySceneError, match="has an official side"):
        split(built.folder, keep_official=True)


def test_wrong_sources_and_recipes_leave_no_folder_behind(plain: str, tmp_path: Path) -> None:
    with pytest.raises(ManifestError):
        build(tmp_path / "none", tmp_path / "set", recipe=plain)
    with pytest.raises(RecipeError):
        build(tmp_path, tmp_path / "set", recipe="nothing")
    assert not (tmp_path / "set").exists()
