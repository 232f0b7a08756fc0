"""What a benchmark's data must be, and what is said where they are not."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch

import skyscene.bench.batches
from skyscene.bench.batches import Batches
from skyscene.bench.data import CURES, Kind, open_data
from skyscene.bench.plan import make_plan
from skyscene.bench.recipe import load_benchmark
from skyscene.dataset.importers.packed_set import ImportedClip, ImportedSource, PackedSet
from skyscene.errors import BenchError, SkySceneError, StoreError
from skyscene.store import BuildFolder, read_table, write_rows

SKY64 = load_benchmark("sky64")
ENOUGH = {"train": 2, "val": 1, "test": 1}


def folder_of(
    root: Path, counts: dict[str, int], frames: int = 32, height: int = 64, width: int = 64
) -> Path:
    """A build folder of one source a side; every clip is of one shade."""
    packed, shade = PackedSet(BuildFolder(root), "made"), 0
    for side, count in counts.items():
        clips = []
        for number in range(count):
            shade += 1
            pixels_thwc = np.full((frames, height, width, 3), shade, np.uint8)
            start = number * frames
            clips.append(ImportedClip(f"{side}@{start}", side, start, start + frames, pixels_thwc))
        packed.add(ImportedSource(side, {"kind": "file"}, side, "made", [], partial(_given, clips)))
    packed.finish([])
    return root


def _given(clips: list[ImportedClip], odd: list[str]) -> list[ImportedClip]:
    """What a reader gives that has read already."""
    return clips


def without_sides(root: Path) -> Path:
    """The same folder before `skyscene split`."""
    folder = BuildFolder(root)
    table = read_table(folder.clips, "clips")
    write_rows(folder.clips, [{**row, "split": None} for row in table.to_pylist()], table.schema)
    folder.assignments.unlink()
    return root


def without_clips(root: Path) -> Path:
    """The same folder where the filters kept nothing."""
    folder = BuildFolder(root)
    table = read_table(folder.clips, "clips")
    write_rows(folder.clips, [{**row, "kept": False} for row in table.to_pylist()], table.schema)
    return root


def test_what_fits_is_opened(tmp_path: Path) -> None:
    data = open_data(folder_of(tmp_path / "set", {"train": 3, "val": 1, "test": 2}), SKY64)
    assert {side: len(clips) for side, clips in data.sides.items()} == {"train": 3, "val": 1, "test": 2}
    assert data.size == 64 and len(set(data.groups("train"))) == 1


@pytest.mark.parametrize("kind", CURES)
@pytest.mark.parametrize(
    ("made", "fault", "cure"),
    [
        ({"counts": {"train": 2, "test": 1}}, "val has 0 clips, at least 1 are needed", "few"),
        ({"counts": {"train": 2, "val": 1}}, "test has 0 clips, at least 1 are needed", "few"),
        ({"counts": {**ENOUGH, "train": 1}}, "train has 1 clips, at least 2 are needed", "few"),
        ({"counts": {"train": 1}}, "train has 1 clips.*; val has 0 clips.*; test has 0 clips", "few"),
        ({"frames": 16}, "its clips have 16 frames, the models draw 32", "length"),
        ({"width": 96}, "its packed frames are 96x64, a square of at least 64 is needed", "shape"),
        ({"height": 32, "width": 32}, "its packed frames are 32x32, a square of at least 64", "shape"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_cure(
    tmp_path: Path, made: dict[str, object], fault: str, cure: str, kind: Kind
) -> None:
    folder = folder_of(tmp_path / "set", **{"counts": ENOUGH, **made})  # type: ignore[arg-type]
    with pytest.raises(BenchError, match=fault) as refused:
        open_data(folder, SKY64, kind)
    assert str(refused.value).startswith(f"{folder}: ")
    assert str(refused.value).endswith(getattr(CURES[kind], cure).format(folder=folder, size=64))
    assert ("skyscene build" in str(refused.value) or "--set" in str(refused.value)) == (kind == "folder")


@pytest.mark.parametrize(
    ("spoil", "error", "told"),
    [
        (without_sides, StoreError, "has no split yet: run `skyscene split .*set --by-source` first"),
        (without_clips, BenchError, "has no kept clip with a file: `skyscene report .*set` says why"),
        (lambda root: root.parent, StoreError, "is not a build folder"),
    ],
)
def test_what_is_not_ready_says_what_comes_first(
    tmp_path: Path, spoil: object, error: type[SkySceneError], told: str
) -> None:
    folder = spoil(folder_of(tmp_path / "set", ENOUGH))
    with pytest.raises(error, match=told):
        open_data(folder, SKY64)


@pytest.mark.parametrize(
    ("model", "data", "overrides", "benchmark"),
    [
        ("mdgan", "sky", [], "sky128"),
        ("mdgan", "sky", ["facts.size=64"], "sky64"),
        ("vgan", "sky", [], "sky64"),
        ("rnngan", "sky", [], "sky64"),
        ("mdgan", None, [], "synthsky64"),
        ("vgan", None, [], "synthsky64"),
    ],
)
def test_the_benchmark_by_default_is_of_the_models_size(
    model: str, data: str | None, overrides: list[str], benchmark: str
) -> None:
    settings = make_plan(model, data=data, overrides=overrides).settings
    assert settings.benchmark == benchmark and settings.size == (128 if benchmark == "sky128" else 64)


def test_clips_are_bytes_until_they_are_on_the_device(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four times as much would travel as floats."""
    came = []

    def seen(stored_bthwc: torch.Tensor, size: int) -> torch.Tensor:
        came.append((stored_bthwc.dtype, stored_bthwc.device.type, tuple(stored_bthwc.shape), size))
        return stored_bthwc

    monkeypatch.setattr(skyscene.bench.batches, "to_clips", seen)
    data = open_data(folder_of(tmp_path / "set", {"train": 5, "val": 1, "test": 1}), SKY64)
    with Batches(data, seed=0, seen=0, batch=2, size=48, device=torch.device("meta")) as batches:
        next(batches)
        next(batches)
    assert came == [(torch.uint8, "meta", (2, 32, 64, 64, 3), 48)] * 2
