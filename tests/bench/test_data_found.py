"""From what is named by --data to the clips: published layouts and VGAN's strips, packed on first use."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from skyscene.bench.data import BenchData
from skyscene.bench.find_data import find_data
from skyscene.bench.recipe import BenchmarkRecipe, load_benchmark
from skyscene.bench.watch import Event, nobody
from skyscene.errors import BenchError, RecipeError

SKY64 = load_benchmark("sky64")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SKYSCENE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def shot(root: Path, side: str, video: str, frames: int) -> Path:
    """Frames of 36x64 whose middle square is black and whose edges are white."""
    folder = root / side / video / f"{video}_1"
    folder.mkdir(parents=True)
    picture = np.full((36, 64, 3), 255, np.uint8)
    picture[:, 14:50] = 0
    for number in range(1, frames + 1):
        cv2.imwrite(str(folder / f"{video}_frames_{number:08d}.jpg"), picture)
    return folder


@pytest.fixture
def published(tmp_path: Path) -> Path:
    root = tmp_path / "sky_timelapse"
    for video in ("a", "b", "c"):
        shot(root, "sky_train", video, 64)
    shot(root, "sky_test", "t", 70)
    return root


def golf(root: Path, listed: str) -> Path:
    """60 strips of 30 sources, one of them too short."""
    lines = [f"{number // 2}/{number}.jpg" for number in range(60)]
    for number, line in enumerate(lines):
        path = root / "frames-stable-many" / line
        path.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(path), np.full((8 * (31 if number == 7 else 32), 8, 3), number, np.uint8))
    (root / listed).write_text("\n".join(lines) + "\n")
    return root


def found(benchmark: BenchmarkRecipe, data: Path, *ways: str, told: list[Event] | None = None) -> BenchData:
    policy, spatial = ways or ("nonoverlap32", "squash")
    return find_data(benchmark, str(data), policy, spatial, nobody if told is None else told.append)


def counts(data: BenchData) -> list[int]:
    return [len(data.sides[side]) for side in ("train", "val", "test")]


def notes(told: Sequence[Event]) -> list[str]:
    return [event.text for event in told if event.kind == "note"]


def test_the_published_layout(published: Path, cache: Path) -> None:
    told: list[Event] = []
    data = found(SKY64, published, told=told)
    assert counts(data) == [4, 2, 2] and data.size == 128 and data.folder.parent == cache
    assert notes(told) == [
        "train: 3 videos, 3 shots, 6 clips (published: 997, 2392, 35383)",
        "test: 1 videos, 1 shots, 2 clips (published: 111, 225, 2815)",
    ]
    assert [(event.done, event.total) for event in told if event.kind == "score"][-1] == (4, 4)


def test_policy_and_spatial_are_passed_on(published: Path) -> None:
    assert counts(found(SKY64, published, "first32", "squash")) == [2, 1, 1]
    assert found(SKY64, published).stored("test", [0])[..., 0].max() > 250
    assert found(SKY64, published, "nonoverlap32", "centercrop").stored("test", [0]).max() < 50


def test_what_was_exported_with_a_val_keeps_it(published: Path) -> None:
    shot(published, "sky_val", "v", 40)
    data = found(SKY64, published)
    assert counts(data) == [6, 1, 2]


def test_clips_of_another_length_are_refused_before_anything_is_packed(published: Path, cache: Path) -> None:
    told: list[Event] = []
    with pytest.raises(BenchError, match=r"--policy window16 makes clips of 16 frames.* choose --policy non"):
        found(SKY64, published, "window16", "squash", told=told)
    assert not cache.exists() and not told


def test_where_odd_things_are_listed_is_told(published: Path) -> None:
    (published / "sky_test" / "t" / "t_1" / "t_frames_00000003.jpg").write_bytes(b"\xff\xd8no")
    told: list[Event] = []
    data = found(SKY64, published, told=told)
    assert counts(data) == [4, 2, 1]
    assert notes(told)[-1] == (
        f"1 odd things are listed in {data.folder / 'odd.json'}, such as t_1/t_frames_00000003.jpg: "
        "cannot be read; its clip is left out"
    )


def test_too_few_published_clips_are_not_sent_to_build(tmp_path: Path) -> None:
    shot(tmp_path / "set", "sky_train", "a", 64)
    shot(tmp_path / "set", "sky_test", "t", 32)
    with pytest.raises(BenchError, match=r"val has 0 clips.*: put more videos into that side's folder"):
        found(SKY64, tmp_path / "set")


@pytest.mark.parametrize("name", ["beach64", "golf64"])
@pytest.mark.parametrize("ways", [("nonoverlap32", "squash"), ("first32", "centercrop")])
def test_strips(tmp_path: Path, name: str, ways: tuple[str, str]) -> None:
    benchmark, told = load_benchmark(name), list[Event]()
    data = found(benchmark, golf(tmp_path / "vgan", benchmark.data.strips), *ways, told=told)
    assert sum(counts(data)) == 59 and min(counts(data)) >= 1 and counts(data)[2] >= 53
    assert data.size == 64 and data.stored("test", [0]).shape == (1, 32, 64, 64, 3)
    assert notes(told) == [
        f"1 strips are left out ({data.folder / 'odd.json'}), the first: 3/7.jpg: 31 frames, fewer than 32"
    ]


def test_too_few_strips_are_not_sent_to_build(tmp_path: Path) -> None:
    (tmp_path / "golf.txt").write_text("1.jpg\n")
    cv2.imwrite(str(tmp_path / "1.jpg"), np.zeros((256, 8, 3), np.uint8))
    with pytest.raises(BenchError, match=r"train has 0 clips.*: put more of the listed strips into"):
        found(load_benchmark("golf64"), tmp_path)


@pytest.mark.parametrize(
    ("ways", "told"),
    [
        (("frist32", "squash"), "no --policy 'frist32': did you mean first32"),
        (("nonoverlap32", "centrecrop"), "no --spatial 'centrecrop': did you mean centercrop"),
    ],
)
def test_misspelt_ways_are_refused_for_any_data(
    skies: Path, published: Path, tmp_path: Path, ways: tuple[str, str], told: str
) -> None:
    strips = golf(tmp_path / "vgan", "beach.txt")
    for benchmark, data in ((SKY64, skies), (SKY64, published), (load_benchmark("beach64"), strips)):
        with pytest.raises(RecipeError, match=told):
            found(benchmark, data, *ways)
    with pytest.raises(RecipeError, match=told):
        find_data(load_benchmark("synthsky64"), None, *ways, nobody)
