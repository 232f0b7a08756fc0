"""VGAN's strips, with everything that is wrong with them."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest

from skyscene.dataset import open_clips
from skyscene.dataset.importers import StripSides, import_strips
from skyscene.errors import StoreError
from tests.dataset.at_once import at_once
from tests.dataset.stopped import stopped
from tests.dataset.test_export import tree

SIDES = StripSides(train=0.3, val=0.3, pairs=9, seed=1)


def strip(path: Path, frames: int, shade: int, side: int = 32, short: int = 0) -> None:
    """Frame k is all of the colour (4 k, shade, 0), in RGB."""
    rows = [np.full((side, side, 3), (0, shade, 4 * k), np.uint8) for k in range(frames)]
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = np.concatenate(rows)
    cv2.imwrite(str(path), picture[: len(picture) - short], [cv2.IMWRITE_JPEG_QUALITY, 100])


@pytest.fixture
def golf(tmp_path: Path) -> Path:
    root = tmp_path / "golf"
    base = root / "frames-stable-many"
    lines = []
    for source in range(10):
        for clip in range(3):
            name = f"{source % 3}/{source}.mp4/{clip:04d}.jpg"
            strip(base / name, 32 + clip, shade=20 * source)
            lines.append(name)
    strip(base / "bad/short.jpg", 31, 9)
    strip(base / "bad/slanted.jpg", 33, 9, short=5)
    (base / "bad/text.jpg").write_text("no picture")
    lines += ["bad/short.jpg", "bad/slanted.jpg", "bad/text.jpg", "bad/gone.jpg"]
    lines += ["", "../../etc/passwd", "/etc/passwd", lines[0]]
    (root / "golf.txt").write_text("\n".join(lines) + "\n")
    return root


def test_whole_sources_to_learn_from_and_drawn_pairs(golf: Path, tmp_path: Path) -> None:
    clips = open_clips(import_strips(golf, "golf.txt", tmp_path / "cache", sides=SIDES, size=16))
    table = clips.table.to_pydict()
    sides: dict[str, set[str]] = {"train": set(), "val": set(), "test": set()}
    for scene, side in zip(table["scene_id"], table["split"], strict=True):
        sides[side].add(scene)
    assert not sides["train"] & sides["val"] and not (sides["train"] | sides["val"]) & sides["test"]
    assert table["split"].count("test") == 9 and len(sides["val"]) == 1
    learned = len(table["split"]) - 9
    assert 0.3 * 34 <= learned < 0.3 * 34 + 4, "a source that is bad as a whole has no clip"
    assert len(sides["test"]) > 3, "pairs are drawn over all sources"


def test_frames_in_their_order(golf: Path, tmp_path: Path) -> None:
    clips = open_clips(import_strips(golf, "golf.txt", tmp_path / "cache", sides=SIDES, size=16))
    frames_thwc = clips.frames(0).astype(int)
    assert frames_thwc.shape == (32, 16, 16, 3)
    assert np.abs(frames_thwc[:, 8, 8, 0] - 4 * np.arange(32)).max() <= 3
    assert frames_thwc[:, :, :, 1].std() < 2


def test_what_is_left_out_is_named(golf: Path, tmp_path: Path) -> None:
    every = StripSides(train=0.3, val=0.3, pairs=0, seed=1)
    folder = import_strips(golf, "golf.txt", tmp_path / "cache", sides=every, size=16)
    told = "\n".join(json.loads((folder / "odd.json").read_text()))
    for what in (
        "bad/short.jpg: 31 frames, fewer than 32",
        "bad/slanted.jpg: 32x1051 is no strip of squares",
        "bad/text.jpg: cannot be read",
        "bad/gone.jpg: cannot be read",
        "line 36: '../../etc/passwd' leads out of the folder",
        "line 37: '/etc/passwd' leads out of the folder",
        "line 38: 0/0.mp4/0000.jpg is listed twice",
    ):
        assert what in told
    assert len(told.splitlines()) == 7 and len(open_clips(folder)) == 30


def test_what_came_later_is_not_missed(golf: Path, tmp_path: Path) -> None:
    """As where a copy of the set had not come to its end when it was packed first."""
    every = StripSides(train=0.3, val=0.3, pairs=0, seed=1)
    away = [path.rename(tmp_path / path.parent.name) for path in golf.rglob("0002.jpg")]

    def packed() -> Path:
        return import_strips(golf, "golf.txt", tmp_path / "cache", sides=every, size=16)

    part = packed()
    assert len(open_clips(part)) == 20 and packed() == part
    for path in away:
        number = int(path.name.removesuffix(".mp4"))
        path.rename(golf / "frames-stable-many" / str(number % 3) / path.name / "0002.jpg")
    whole = packed()
    assert whole != part and len(open_clips(whole)) == 30
    strip(golf / "frames-stable-many/0/0.mp4/0000.jpg", 40, shade=99)
    assert packed() != whole, "a strip of another size is another strip"


def test_pairs_are_those_of_the_strips_as_they_are_now(golf: Path, tmp_path: Path) -> None:
    """A strip that could not be read when the packing was stopped takes its place in the draw."""
    few = StripSides(train=0.3, val=0.3, pairs=3, seed=1)
    pack = partial(import_strips, golf, "golf.txt", sides=few, size=16)
    whole = pack(tmp_path / "whole")
    table = open_clips(whole).split("test").table
    for key in table["clip_key"].to_pylist():
        path = golf / "frames-stable-many" / key
        data = path.read_bytes()
        path.write_bytes(bytes(len(data)))
        stopped(pack, tmp_path / key.replace("/", "-"))
        path.write_bytes(data)
        again = pack(tmp_path / key.replace("/", "-"))
        assert tree(whole) == tree(again), key


def test_two_commands_pack_once(golf: Path, tmp_path: Path) -> None:
    pack = partial(import_strips, golf, "golf.txt", tmp_path / "cache", sides=SIDES, size=16)
    folders, second = at_once(pack)
    assert folders[0] == folders[1] and second == ["waits"]


def test_equal_seeds_draw_equal_sides_and_others_do_not(golf: Path, tmp_path: Path) -> None:
    def drawn(name: str, seed: int) -> dict[str, str]:
        sides = StripSides(train=0.3, val=0.3, pairs=9, seed=seed)
        table = open_clips(import_strips(golf, "golf.txt", tmp_path / name, sides=sides, size=16)).table
        return dict(zip(table["clip_key"].to_pylist(), table["split"].to_pylist(), strict=True))

    assert drawn("a", 1) == drawn("b", 1) != drawn("c", 2)


def test_no_list(golf: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"has no beach\.txt: name the folder"):
        import_strips(golf, "beach.txt", tmp_path / "cache", sides=SIDES)


def test_nothing_usable(tmp_path: Path) -> None:
    (tmp_path / "golf.txt").write_text("a/b.jpg\n")
    with pytest.raises(StoreError, match=r"no clip of 32 frames.*a/b\.jpg: cannot be read"):
        import_strips(tmp_path, "golf.txt", tmp_path / "cache", sides=SIDES)
