"""The published layout, with everything that is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from skyscene.dataset import open_clips
from skyscene.dataset.importers import import_official, survey
from skyscene.errors import RecipeError, StoreError

TRICKY = "-0_eqVxG_jI"


def shot(root: Path, side: str, video: str, number: int, frames: list[int], shade: int = 0) -> Path:
    folder = root / side / video / f"{video}_{number}"
    folder.mkdir(parents=True)
    for frame in frames:
        picture = np.full((36, 64, 3), (frame * 3 + shade) % 256, np.uint8)
        cv2.imwrite(str(folder / f"{video}_frames_{frame:08d}.jpg"), picture)
    return folder


@pytest.fixture
def published(tmp_path: Path) -> Path:
    root = tmp_path / "sky_timelapse"
    shot(root, "sky_train", TRICKY, 1, list(range(1, 71)))
    shot(root, "sky_train", TRICKY, 10, list(range(5, 38)), shade=7)
    shot(root, "sky_train", "gaps", 1, [*range(1, 40), *range(50, 82)], shade=11)
    shot(root, "sky_train", "single", 1, [9])
    shot(root, "sky_test", "other", 2, list(range(1, 33)), shade=13)
    (root / "sky_train" / "z6Yr7KDZhm0").mkdir()
    (root / "sky_train" / "gaps" / "gaps_2").mkdir()
    (root / "sky_train" / "readme.txt").write_text("hello")
    (root / "sky_train" / TRICKY / f"{TRICKY}_1" / ".DS_Store").write_bytes(b"x")
    return root


def test_counts_and_everything_odd(published: Path) -> None:
    found = survey(published)
    assert found.counts("train") == (3, 4, 2 + 1 + 2) and found.counts("test") == (1, 1, 1)
    assert [shot.name for shot in found.shots][:2] == [f"{TRICKY}_1", f"{TRICKY}_10"]
    told = "\n".join(found.odd)
    for what in (
        "z6Yr7KDZhm0: an empty folder",
        "gaps_2: an empty folder",
        "gaps_1: 10 frames are missing between 1 and 81",
        "single_1: one frame",
        "readme.txt: not a folder",
        ".DS_Store: not a frame",
    ):
        assert what in told
    assert len(found.odd) == 6
    assert "train: 3 videos, 4 shots, 5 clips (published: 997, 2392, 35383)" in found.lines()


@pytest.mark.parametrize(
    ("policy", "clips"), [("nonoverlap32", 6), ("first32", 4), ("ge33-first32", 3), ("window16", 12)]
)
def test_policies(published: Path, tmp_path: Path, policy: str, clips: int) -> None:
    folder = import_official(survey(published), tmp_path / "cache", policy=policy, size=16)
    assert len(open_clips(folder)) == clips


def test_a_clip_is_its_frames_and_crosses_no_gap(published: Path, tmp_path: Path) -> None:
    folder = import_official(survey(published), tmp_path / "cache", size=16)
    clips = open_clips(folder)
    for place, clip in enumerate(clips):
        shade = {f"{TRICKY}_1": 0, f"{TRICKY}_10": 7, "gaps_1": 11, "other_2": 13}[clip.scene_id]
        means = clips.frames(place).mean(axis=(1, 2, 3))
        numbers = np.arange(clip.frame_start, clip.frame_start + 32)
        assert np.abs(means - (numbers * 3 + shade) % 256).max() < 2
    keys = {clip.clip_key for clip in clips}
    assert {"gaps_1@1", "gaps_1@50"} <= keys and f"{TRICKY}_1@33" in keys


def test_val_is_some_of_train_and_test_is_test(tmp_path: Path) -> None:
    root = tmp_path / "set"
    for number in range(60):
        shot(root, "sky_train", f"v{number}", 1, list(range(32)), number)
    shot(root, "sky_test", "t", 1, list(range(32)))
    clips = open_clips(import_official(survey(root), tmp_path / "cache", size=16))
    assert 1 <= len(clips.split("val")) <= 8 and len(clips.split("test")) == 1
    assert not set(clips.split("val").source_ids) & set(clips.split("train").source_ids)


def test_an_unreadable_picture_costs_its_clip_and_is_named(published: Path, tmp_path: Path) -> None:
    (published / "sky_train" / TRICKY / f"{TRICKY}_1" / f"{TRICKY}_frames_00000040.jpg").write_bytes(
        b"\xff\xd8no"
    )
    folder = import_official(survey(published), tmp_path / "cache", size=16)
    assert len(open_clips(folder)) == 5
    assert any(
        "00000040.jpg: cannot be read" in line for line in json.loads((folder / "odd.json").read_text())
    )


def test_a_video_on_both_sides_is_test(published: Path, tmp_path: Path) -> None:
    shot(published, "sky_train", "other", 3, list(range(1, 65)))
    found = survey(published)
    assert found.counts("train") == (3, 4, 5) and any("is on both sides" in line for line in found.odd)


def test_packed_once(published: Path, tmp_path: Path) -> None:
    first = import_official(survey(published), tmp_path / "cache", size=16)
    before = {path: path.stat().st_mtime_ns for path in first.rglob("*.npy")}
    again = import_official(survey(published), tmp_path / "cache", size=16)
    assert again == first and {path: path.stat().st_mtime_ns for path in first.rglob("*.npy")} == before
    assert import_official(survey(published), tmp_path / "cache", size=16, spatial="centercrop") != first


def test_what_is_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="neither sky_train nor sky_test"):
        survey(tmp_path)
    (tmp_path / "sky_train").mkdir()
    with pytest.raises(StoreError, match="holds no frame"):
        survey(tmp_path)


def test_an_unknown_policy(published: Path, tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="did you mean first32"):
        import_official(survey(published), tmp_path, policy="frist32")


def test_a_disk_without_room_says_what_to_do(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10, 10, 0))  # type: ignore[attr-defined]
    with pytest.raises(StoreError, match="set SKYSCENE_CACHE to a larger disk"):
        import_official(survey(published), tmp_path / "cache")
