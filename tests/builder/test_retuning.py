"""A retuned folder is the folder that a new build with those thresholds gives, byte for byte."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from skyscene.builder import Event, build, load_recipe, retune, split, verify
from skyscene.curate.measures.luma import Luma
from skyscene.errors import BusyError, RecipeError, StoreError
from skyscene.media import spans, write_film
from skyscene.store import BuildFolder, writing
from tests.builder.retune_material import CHANGES, SUNSET, barred, copy, eclipse, fresh, rows, states, sunset

Tree = Callable[[Path], dict[str, bytes]]
LOOSER = CHANGES["looser"]
STRICTER = CHANGES["stricter"]


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("recipe") / "sunset.toml"
    path.write_text(SUNSET)
    return str(path)


@pytest.fixture(scope="module")
def skies(
    tmp_path_factory: pytest.TempPathFactory, frames_of_sky: Callable[..., Iterator[np.ndarray]]
) -> Path:
    """eclipse: 200 frames; cut: 50 and 60 frames of two skies; bars: 70 frames with bars; bad: no video."""
    folder = tmp_path_factory.mktemp("skies")
    write_film(folder / "eclipse.mp4", eclipse(frames_of_sky(200, seed=1), 200), fps=30)
    write_film(folder / "cut.mp4", [*frames_of_sky(50, seed=3), *frames_of_sky(60, seed=4)], fps=24)
    write_film(folder / "bars.mp4", barred(sunset(frames_of_sky(70, seed=5), 120)), fps=25)
    (folder / "bad.mp4").write_bytes(b"no video")
    return folder


@pytest.fixture(scope="module")
def base(skies: Path, recipe: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder before the change; not to be touched."""
    return build(skies, tmp_path_factory.mktemp("base") / "set", recipe=recipe, workers=1).folder


@pytest.fixture
def folder(base: Path, tmp_path: Path) -> Path:
    return copy(base, tmp_path / "set")


def test_the_material_has_clips_on_both_sides_of_the_thresholds(base: Path) -> None:
    kept = [clip["kept"] for clip in rows(base)]
    assert 3 <= kept.count(True) < len(kept) - 1
    assert any(scene["crop_height"] < 96 for scene in rows(base, "scenes"))


@pytest.mark.parametrize("name", CHANGES)
def test_the_bytes_are_those_of_a_new_build_and_there_is_a_way_back(
    name: str, folder: Path, base: Path, skies: Path, recipe: str, here: Any, tmp_path: Path, files_of: Tree
) -> None:
    change = CHANGES[name]
    wanted = fresh(skies, tmp_path / "fresh", recipe, here, change)
    before = files_of(folder)
    plan = retune(folder, set=change, executor=here)
    assert files_of(folder) == before and not plan.applied
    report = retune(folder, set=change, apply=True, executor=here)
    assert files_of(folder) == files_of(wanted) != before
    assert (folder / "recipe.toml").read_bytes() == (wanted / "recipe.toml").read_bytes()
    assert plan.sources == report.sources and plan.total == report.total and report.funnel is not None
    facts = [json.loads((place / "build.json").read_bytes()) for place in (folder, wanted)]
    for key in ("resolved", "measures", "funnel", "recipe"):
        assert facts[0][key] == facts[1][key]
    # The same values go on, others are refused as ever.
    assert build(skies, folder, recipe=recipe, set=change, executor=here).built == 0
    assert build(skies, folder, recipe=str(folder / "recipe.toml"), executor=here).built == 0
    with pytest.raises(StoreError, match="built by another recipe"):
        build(skies, folder, recipe=recipe, executor=here)
    retune(folder, recipe=recipe, apply=True, executor=here)
    assert files_of(folder) == before


def test_spans_that_are_sought_give_the_same_bytes(
    folder: Path, skies: Path, recipe: str, here: Any, tmp_path: Path, files_of: Tree, monkeypatch: Any
) -> None:
    monkeypatch.setattr(spans, "NEAR", 0)
    wanted = fresh(skies, tmp_path / "fresh", recipe, here, LOOSER)
    retune(folder, set=LOOSER, apply=True, executor=here)
    assert files_of(folder) == files_of(wanted)


def test_one_value_after_the_other_is_both_and_any_number_of_workers_will_do(
    folder: Path, skies: Path, recipe: str, here: Any, tmp_path: Path, files_of: Tree
) -> None:
    wanted = fresh(skies, tmp_path / "fresh", recipe, here, [*CHANGES["margin"], *LOOSER])
    other = copy(folder, tmp_path / "other")
    retune(folder, set=CHANGES["margin"], apply=True, workers=2)
    retune(folder, set=LOOSER, apply=True, workers=1)
    assert files_of(folder) == files_of(wanted)
    retune(other, set=[*LOOSER, *CHANGES["margin"]], apply=True, workers=2)
    assert files_of(other) == files_of(wanted)


def test_the_numbers_say_what_changes(folder: Path, here: Any) -> None:
    before = {(clip["source_id"], clip["frame_start"]): clip["kept"] for clip in rows(folder)}
    report = retune(folder, set=[*STRICTER, "windows.max_clips_per_source=1"], apply=True, executor=here)
    after = {(clip["source_id"], clip["frame_start"]): clip for clip in rows(folder)}
    gone = [after[key]["reasons"][0] for key, kept in before.items() if kept and not after[key]["kept"]]
    assert report.total.newly_rejected == {
        name: gone.count(name) for name in {"dark", "source-cap"} & {*gone}
    }
    assert {"dark", "source-cap"} <= {*gone}
    assert report.total.kept == sum(clip["kept"] for clip in after.values()) == report.funnel.kept
    same = sum(kept == after[key]["kept"] for key, kept in before.items())
    assert report.total.unchanged == same and report.total.newly_kept == report.total.encoded == 0
    assert [item.name for item in report.sources if item.counts.newly_rejected] and len(report.sources) == 3
    looser = retune(folder, set=["filters.dark=false", "windows.margin=6"], executor=here)
    assert looser.total.newly_rejected["not-laid"] >= 1
    assert looser.total.newly_kept > looser.total.newly_rejected["not-laid"]
    assert looser.values[0] == "filters.dark: present -> absent" and not (folder / "changing").exists()


def test_clips_that_stay_are_not_encoded_again(folder: Path, here: Any, monkeypatch: Any) -> None:
    stamps = {
        clip["path"]: (folder / clip["path"]).stat().st_mtime_ns for clip in rows(folder) if clip["kept"]
    }
    written: list[str] = []
    from skyscene.builder.cutting import ClipWriter

    encode = ClipWriter.write
    monkeypatch.setattr(
        ClipWriter, "write", lambda self, clip, *rest: written.append(clip.path) or encode(self, clip, *rest)
    )
    report = retune(folder, set=LOOSER, apply=True, executor=here)
    assert len(written) == report.total.encoded == report.total.newly_kept > 0
    assert {path: (folder / path).stat().st_mtime_ns for path in stamps} == stamps
    # Another stride gives other ids; what shows the same frames is not encoded again either.
    written.clear()
    report = retune(folder, set=["windows.stride=33"], apply=True, executor=here)
    assert len(written) == report.total.encoded < report.total.kept


def test_a_folder_without_clips_stays_one(
    skies: Path, recipe: str, here: Any, tmp_path: Path, files_of: Tree
) -> None:
    out = fresh(skies, tmp_path / "set", recipe, here, [], clips=False)
    retune(out, set=LOOSER, apply=True, clips=False, executor=here)
    assert files_of(out) == files_of(fresh(skies, tmp_path / "index", recipe, here, LOOSER, clips=False))
    full = fresh(skies, tmp_path / "full", recipe, here, LOOSER)
    other = copy(out, tmp_path / "other")
    build(skies, out, recipe=recipe, set=LOOSER, executor=here)
    retune(other, apply=True, executor=here)
    assert files_of(out) == files_of(full) == files_of(other)


def test_sides_stay_and_who_has_none_is_told(
    folder: Path, skies: Path, recipe: str, here: Any, tmp_path: Path, files_of: Tree
) -> None:
    retune(folder, set=["filters.dark.max_p99=160"], apply=True, executor=here)
    split(folder, val=0.3, test=0.3)
    sides = {clip["source_id"]: clip["split"] for clip in rows(folder) if clip["kept"]}
    assert 0 < len(sides) < 3
    assignments = (folder / "assignments.parquet").read_bytes()
    report = retune(folder, set=["filters.dark=false"], apply=True, executor=here)
    assert (folder / "assignments.parquet").read_bytes() == assignments
    kept = [clip for clip in rows(folder) if clip["kept"]]
    assert all(clip["split"] == sides.get(clip["source_id"]) for clip in kept)
    assert any("no side yet" in note and "skyscene split" in note for note in report.notices)
    split(folder, val=0.3, test=0.3)
    assert verify(folder, executor=here).faults == ()
    assert {
        clip["source_id"]: clip["split"] for clip in rows(folder) if clip["kept"]
    }.items() >= sides.items()
    # A split is a function of the clips and of the sides given before: without those it is a new one.
    wanted = fresh(skies, tmp_path / "fresh", recipe, here, ["filters.dark=false"])
    split(wanted, val=0.3, test=0.3)
    (folder / "assignments.parquet").unlink()
    split(folder, val=0.3, test=0.3)
    assert files_of(folder) == files_of(wanted)


def test_there_and_back_after_a_split_is_no_change_at_all(
    folder: Path, recipe: str, here: Any, files_of: Tree
) -> None:
    split(folder, val=0.3, test=0.3)
    before = files_of(folder)
    for change in (STRICTER, LOOSER, CHANGES["stride"]):
        retune(folder, recipe=recipe, set=change, apply=True, executor=here)
        assert files_of(folder) != before
    retune(folder, recipe=recipe, apply=True, executor=here)
    assert files_of(folder) == before


def test_clips_keep_the_name_of_their_video(
    skies: Path, recipe: str, here: Any, tmp_path: Path, files_of: Tree
) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text(f"path,video_id\n{skies}/cut.mp4,07U1fSrk9oI\n{skies}/eclipse.mp4,\n")
    none = ["windows.length=150", "windows.stride=150"]
    out = fresh(listed, tmp_path / "set", recipe, here, none)
    assert not any(clip["clip_key"].startswith("07U1fSrk9oI:") for clip in rows(out))
    retune(out, recipe=recipe, apply=True, executor=here)
    assert sum(clip["clip_key"].startswith("07U1fSrk9oI:") for clip in rows(out)) == 2
    retune(out, set=LOOSER, apply=True, executor=here)
    assert files_of(out) == files_of(fresh(listed, tmp_path / "fresh", recipe, here, LOOSER))


def test_a_source_that_was_never_finished_is_left_to_the_build(
    folder: Path, skies: Path, recipe: str, here: Any, tmp_path: Path, files_of: Tree
) -> None:
    source = next(clip["source_id"] for clip in rows(folder) if clip["kept"])
    BuildFolder(folder).content(source).unlink()
    report = retune(folder, set=LOOSER, apply=True, executor=here)
    assert any("never finished" in note for note in report.notices) and len(report.sources) == 2
    build(skies, folder, recipe=recipe, set=LOOSER, executor=here)
    assert files_of(folder) == files_of(fresh(skies, tmp_path / "fresh", recipe, here, LOOSER))


def test_what_was_removed_leaves_as_by_a_build(
    folder: Path, skies: Path, recipe: str, here: Any, tmp_path: Path, files_of: Tree
) -> None:
    other = fresh(skies, tmp_path / "fresh", recipe, here, LOOSER)
    for place in (folder, other):
        (place / "removed.txt").write_text(f"{skies}/eclipse.mp4\n")
    build(skies, other, recipe=recipe, set=LOOSER, executor=here)
    assert len(retune(folder, set=LOOSER, executor=here).sources) == 2
    retune(folder, set=LOOSER, apply=True, executor=here)
    assert files_of(folder) == files_of(other)


FIXED = [
    ("measures.luma.detail_size=11", "measures.luma.detail_size: 9 -> 11: needs a new build"),
    ("analysis.width=128", "analysis.width: 256 -> 128: needs a new build"),
    ("clips.crf=20", "clips.crf: 12 -> 20: needs a new build"),
    ("clips.long_side=64", "clips.long_side: 640 -> 64: needs a new build"),
    ("cache.fit=crop", "cache.fit: 'squash' -> 'crop': needs a new build"),
    ("measures.tiles=false", "measures.tiles: present -> absent: needs a new build"),
]


@pytest.mark.parametrize("apply", [False, True])
def test_what_needs_a_decode_is_refused_with_every_key(
    folder: Path, here: Any, files_of: Tree, apply: bool
) -> None:
    before = files_of(folder)
    with pytest.raises(RecipeError) as error:
        retune(folder, set=[key for key, _ in FIXED], apply=apply, executor=here)
    assert len(error.value.problems) == len(FIXED) + 1
    for _, message in FIXED:
        assert any(line.startswith(message) for line in error.value.problems)
    assert "skyscene build SOURCES --out ANOTHER" in error.value.problems[-1]
    with pytest.raises(RecipeError, match=r"did you mean max_p99"):
        retune(folder, set=["filters.dark.maxp99=3"], apply=apply, executor=here)
    assert files_of(folder) == before
    # How a run is carried out is no threshold.
    assert retune(folder, set=["media.max_minutes=3"], executor=here).values == ()


@pytest.mark.parametrize("apply", [False, True])
def test_another_version_of_a_measure_is_refused_and_the_cure_helps(
    folder: Path, skies: Path, recipe: str, here: Any, files_of: Tree, monkeypatch: Any, apply: bool
) -> None:
    before = files_of(folder)
    monkeypatch.setattr(Luma, "version", "2")
    with pytest.raises(StoreError, match=r"3 sources .* luma 1 \(now 2\).*Delete their commits") as error:
        retune(folder, set=LOOSER, apply=apply, executor=here)
    assert files_of(folder) == before
    commits = [Path(word.strip("(),")) for word in str(error.value).split() if ".json" in word]
    assert len(commits) == 3
    for path in commits:
        path.unlink()
    build(skies, folder, recipe=recipe, executor=here)
    assert retune(folder, set=LOOSER, apply=apply, executor=here).total.newly_kept > 0


def test_a_filter_that_needs_more_than_is_stored_is_refused(
    folder: Path, files_of: Tree, monkeypatch: Any, tmp_path: Path
) -> None:
    (tmp_path / "needy.py").write_text(
        "from skyscene.recipes import Component\n"
        "from skyscene.records import Verdict\n"
        "class Needy(Component):\n"
        "    def judge(self, frames, interval):\n"
        "        return Verdict(self.name, float(frames['hail_size'][0]), 0.0, None)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")
    before = files_of(folder)
    with pytest.raises(StoreError, match=r"3 sources .* cannot be decided again .*KeyError: 'hail_size'"):
        retune(folder, set=["filters.needy.use=needy:Needy"], apply=True, workers=1)
    assert files_of(folder) == before and not (folder / "changing").exists()


def test_a_folder_in_use_or_none_at_all_is_refused(folder: Path, here: Any, tmp_path: Path) -> None:
    with writing(BuildFolder(folder)), pytest.raises(BusyError):
        retune(folder, executor=here)
    with pytest.raises(StoreError, match="not a build folder"):
        retune(tmp_path / "none", executor=here)


def test_whoever_watches_is_told(folder: Path, here: Any) -> None:
    events: list[Event] = []
    retune(folder, set=LOOSER, apply=True, executor=here, watch=events.append)
    assert [(event.text, event.count) for event in events if event.kind == "start"] == [
        ("deciding", 3),
        ("retuning", 3),
    ]
    assert sum(event.kind == "built" for event in events) == 6
    assert sum(event.kept for event in events[-4:]) == states(folder)["encoded"]


def test_the_recipe_that_was_resolved_keeps_its_order(folder: Path, recipe: str, here: Any) -> None:
    retune(folder, set=LOOSER, apply=True, executor=here)
    table = tomllib.loads((folder / "recipe.toml").read_text())
    assert list(table["filters"]) == list(load_recipe(recipe).table["filters"])
    assert table["filters"]["dark"]["max_p99"] == 40
