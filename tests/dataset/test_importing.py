"""The published layout, with everything that is wrong with it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest

from skyscene.dataset import export, open_clips
from skyscene.dataset.importers import POLICIES, check_ways, clip_length, import_official, official, survey
from skyscene.dataset.importers.packed_set import read_frame
from skyscene.errors import RecipeError, StoreError
from tests.dataset.at_once import at_once
from tests.dataset.stopped import stopped
from tests.dataset.test_export import tree

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


def drawn(video: str) -> int:
    """The number that decides whether a video of train is val."""
    return int(hashlib.sha256(f"0 {video}".encode()).hexdigest()[:8], 16)


def of_videos(root: Path, train: list[str]) -> Path:
    """A set of one shot a video; an id that begins with ``short`` is too short for a clip."""
    for number, video in enumerate(train):
        shot(root, "sky_train", video, 1, list(range(31 if video.startswith("short") else 32)), number)
    shot(root, "sky_test", "t", 1, list(range(32)))
    return root


def sides_of(root: Path, cache: Path, **options: str) -> dict[str, set[str]]:
    """Side to the videos that have clips there."""
    clips = open_clips(import_official(survey(root), cache, size=16, **options))  # type: ignore[arg-type]
    found: dict[str, set[str]] = {"train": set(), "val": set(), "test": set()}
    for clip in clips:
        found[clip.split].add(clip.scene_id.rpartition("_")[0])
    return found


def test_val_is_5_percent_of_train_and_test_is_test(tmp_path: Path) -> None:
    videos = [f"v{number}" for number in range(60)]
    sides = sides_of(of_videos(tmp_path / "set", videos), tmp_path / "cache")
    assert sides["val"] == {video for video in videos if drawn(video) < 0.05 * 2**32}
    assert 1 <= len(sides["val"]) <= 8 and sides["test"] == {"t"}
    assert sides["train"] == set(videos) - sides["val"]


@pytest.mark.parametrize("count", [2, 3, 8])
def test_of_few_videos_one_is_val(tmp_path: Path, count: int) -> None:
    videos = [video for number in range(99) if drawn(video := f"v{number}") >= 0.05 * 2**32][:count]
    sides = sides_of(of_videos(tmp_path / "set", videos), tmp_path / "cache")
    assert sides["val"] == {min(videos, key=drawn)} and len(sides["train"]) == count - 1


def test_val_is_a_video_that_has_clips(tmp_path: Path) -> None:
    shorts = [video for number in range(999) if drawn(video := f"short{number}") < 0.05 * 2**32]
    sides = sides_of(of_videos(tmp_path / "set", [shorts[0], "v0", "v1"]), tmp_path / "cache")
    assert sides["val"] == {min(("v0", "v1"), key=drawn)}


def test_one_video_is_for_train(tmp_path: Path) -> None:
    assert sides_of(of_videos(tmp_path / "set", ["v0"]), tmp_path / "cache") == {
        "train": {"v0"},
        "val": set(),
        "test": {"t"},
    }


def test_sky_val_is_val_and_none_is_carved(tmp_path: Path) -> None:
    videos = [f"v{number}" for number in range(60)]
    root = of_videos(tmp_path / "set", videos)
    shot(root, "sky_val", "w", 1, list(range(64)))
    assert sides_of(root, tmp_path / "cache") == {"train": set(videos), "val": {"w"}, "test": {"t"}}
    assert [line.partition(":")[0] for line in survey(root).lines()] == ["train", "test", "val"]
    assert survey(root).lines()[2] == "val: 1 videos, 1 shots, 2 clips (of sky_val)"


def test_what_was_exported_comes_back_on_its_sides(sky: Path, tmp_path: Path) -> None:
    out = export(sky, "official", tmp_path / "out").folder
    clips = open_clips(import_official(survey(out), tmp_path / "cache", size=16))
    assert {side: len(clips.split(side)) for side in ("train", "val", "test")} == {
        side: len(open_clips(sky).split(side)) for side in ("train", "val", "test")
    }


def test_an_unreadable_picture_costs_its_clip_and_is_named(published: Path, tmp_path: Path) -> None:
    (published / "sky_train" / TRICKY / f"{TRICKY}_1" / f"{TRICKY}_frames_00000040.jpg").write_bytes(
        b"\xff\xd8no"
    )
    folder = import_official(survey(published), tmp_path / "cache", size=16)
    assert len(open_clips(folder)) == 5
    assert any(
        "00000040.jpg: cannot be read" in line for line in json.loads((folder / "odd.json").read_text())
    )


def test_a_video_on_several_sides_is_on_the_last(published: Path, tmp_path: Path) -> None:
    shot(published, "sky_train", "other", 3, list(range(1, 65)))
    shot(published, "sky_val", "other", 4, list(range(1, 33)))
    shot(published, "sky_val", "gaps", 5, list(range(1, 33)))
    found = survey(published)
    assert found.counts("train") == (2, 3, 3) and found.counts("val") == (1, 1, 1)
    assert {line for line in found.odd if line.endswith("left out")} == {
        "gaps: is in sky_train and in sky_val; its train shots are left out",
        "other: is in sky_train and in sky_test; its train shots are left out",
        "other: is in sky_val and in sky_test; its val shots are left out",
    }


def test_links_that_lead_nowhere_are_named(published: Path, tmp_path: Path) -> None:
    folder = published / "sky_train" / TRICKY / f"{TRICKY}_1"
    for number, target in ((40, tmp_path / "gone.jpg"), (71, f"{TRICKY}_frames_00000071.jpg"), (72, ".")):
        frame = folder / f"{TRICKY}_frames_{number:08d}.jpg"
        frame.unlink(missing_ok=True)
        frame.symlink_to(target)
    (published / "sky_train" / "loop").symlink_to("loop")
    (published / "sky_test" / "other" / "other_2" / "other_frames_00000033.jpg").symlink_to(
        published / "sky_test" / "other" / "other_2" / "other_frames_00000001.jpg"
    )
    found = survey(published)
    told = "\n".join(found.odd)
    for number in (40, 71, 72):
        assert f"{TRICKY}_frames_{number:08d}.jpg: not a file, or a link to none" in told
    assert "sky_train/loop: not a folder" in told
    clips = open_clips(import_official(found, tmp_path / "cache", size=16))
    assert len(clips) == 5, "the clip of frame 40 is gone"
    assert len(found.shots[-1].frames) == 33, "a link to a file is as good as the file"


def test_packed_once(published: Path, tmp_path: Path) -> None:
    first = import_official(survey(published), tmp_path / "cache", size=16)
    before = {path: path.stat().st_mtime_ns for path in first.rglob("*.npy")}
    again = import_official(survey(published), tmp_path / "cache", size=16)
    assert again == first and {path: path.stat().st_mtime_ns for path in first.rglob("*.npy")} == before
    assert import_official(survey(published), tmp_path / "cache", size=16, spatial="centercrop") != first


def test_a_packing_that_was_stopped_goes_on(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (published / "sky_train" / TRICKY / f"{TRICKY}_10" / f"{TRICKY}_frames_00000006.jpg").write_bytes(b"no")
    pack = partial(import_official, survey(published), size=16)
    whole = pack(tmp_path / "whole")

    stopped(pack, tmp_path / "cut", 2)
    room = 4 * 32 * 16 * 16 * 3  # for four of the six clips; three are there
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(room, 0, room))
    read: list[Path] = []
    monkeypatch.setattr(official, "read_frame", lambda path: read.append(path) or read_frame(path))
    cut = pack(tmp_path / "cut")
    again = {path.parent.parent.name for path in read}
    assert again == {TRICKY, "gaps"}, "the third was packed before, and nothing of it left out"
    assert tree(whole) == tree(cut) and b"cannot be read" in tree(cut)["odd.json"]


def test_pictures_that_were_mended_while_a_packing_rested_are_packed(published: Path, tmp_path: Path) -> None:
    frame = published / "sky_test" / "other" / "other_2" / "other_frames_00000006.jpg"
    whole, written = frame.read_bytes(), frame.stat().st_mtime_ns
    frame.write_bytes(bytes(len(whole)))
    os.utime(frame, ns=(written, written))
    pack = partial(import_official, survey(published), size=16)
    stopped(pack, tmp_path / "cache", 1)
    frame.write_bytes(whole)
    os.utime(frame, ns=(written, written))
    folder = pack(tmp_path / "cache")
    assert len(open_clips(folder).split("test")) == 1
    assert not any("cannot be read" in line for line in json.loads((folder / "odd.json").read_text()))


def test_a_set_that_could_not_be_read_at_all_can_be_later(published: Path, tmp_path: Path) -> None:
    """As where a disk came loose, or a download had reserved its room and not come yet."""
    whole = {path: path.read_bytes() for path in published.rglob("*.jpg")}
    for path, data in whole.items():
        path.write_bytes(bytes(len(data)))
        os.utime(path, ns=(1, 1))
    with pytest.raises(StoreError, match="no clip of 32 frames"):
        import_official(survey(published), tmp_path / "cache", size=16)
    for path, data in whole.items():
        path.write_bytes(data)
        os.utime(path, ns=(1, 1))
    assert len(open_clips(import_official(survey(published), tmp_path / "cache", size=16))) == 6


def test_files_of_the_same_size_that_took_the_place_of_others_are_read(
    published: Path, tmp_path: Path
) -> None:
    pack = partial(import_official, survey(published), size=16)
    stopped(pack, tmp_path / "cache", 1)
    frame = published / "sky_test" / "other" / "other_2" / "other_frames_00000001.jpg"
    data = frame.read_bytes()
    grey = cv2.imencode(".jpg", np.full((36, 64, 3), 200, np.uint8))[1].tobytes()
    frame.write_bytes(grey[: len(data)] + bytes(max(0, len(data) - len(grey))))
    os.utime(frame, ns=(0, 1))
    assert len(grey) <= len(data)
    clips = open_clips(pack(tmp_path / "cache")).split("test")
    assert abs(int(clips.frames(0)[0].mean()) - 200) < 3


@pytest.mark.parametrize("damage", [lambda path: path.write_bytes(b""), lambda path: path.unlink()])
def test_clips_that_the_disk_lost_are_packed_again(
    published: Path, tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    pack = partial(import_official, survey(published), size=16)
    folder = stopped(pack, tmp_path / "cache", 2)
    for path in folder.rglob("*.npy"):
        damage(path)
    assert {len(pixels) for pixels in map(open_clips(pack(tmp_path / "cache")).frames, range(6))} == {32}


def test_a_packed_set_that_is_damaged_is_packed_anew_where_its_message_is_followed(
    published: Path, tmp_path: Path
) -> None:
    pack = partial(import_official, survey(published), tmp_path / "cache", size=16)
    for path in (folder := pack()).rglob("*.npy"):
        path.write_bytes(b"")
    with pytest.raises(StoreError, match=rf"delete {folder} and run the same command again"):
        open_clips(folder).frames(0)
    shutil.rmtree(folder)
    assert open_clips(pack()).frames(0).shape == (32, 16, 16, 3)


def test_what_a_killed_packing_had_half_written_is_swept(published: Path, tmp_path: Path) -> None:
    pack = partial(import_official, survey(published), size=16)
    folder = stopped(pack, tmp_path / "cache", 1)
    half = folder / "cache" / ".1b.npy.9470.part"
    half.write_bytes(b"half")
    pack(tmp_path / "cache")
    assert not half.exists() and not (folder / "packing").exists()


def test_two_commands_pack_once(published: Path, tmp_path: Path) -> None:
    folders, second = at_once(partial(import_official, survey(published), tmp_path / "cache", size=16))
    assert folders[0] == folders[1] and second == ["waits"]


def test_what_is_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="neither sky_train nor sky_test"):
        survey(tmp_path)
    (tmp_path / "sky_train").mkdir()
    with pytest.raises(StoreError, match="holds no frame"):
        survey(tmp_path)


def test_an_unknown_policy(published: Path, tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="no --policy 'frist32': did you mean first32"):
        import_official(survey(published), tmp_path, policy="frist32")
    with pytest.raises(RecipeError) as both:
        check_ways("frist32", "sqash")
    assert both.value.problems[1] == "no --spatial 'sqash': did you mean squash?"


@pytest.mark.parametrize("policy", POLICIES)
def test_clips_are_as_long_as_the_policy_says(published: Path, tmp_path: Path, policy: str) -> None:
    clips = open_clips(import_official(survey(published), tmp_path / "cache", policy=policy, size=16))
    assert {len(clips.frames(place)) for place in range(len(clips))} == {clip_length(policy)}


def test_a_disk_without_room_says_what_to_do(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10, 10, 0))
    with pytest.raises(StoreError, match="set SKYSCENE_CACHE to a larger disk"):
        import_official(survey(published), tmp_path / "cache")
