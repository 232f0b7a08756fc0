"""What a model elsewhere is given, and that it is the same whenever it is written."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

import skyscene.bench.inputs as module
from skyscene.bench import load_benchmark
from skyscene.bench.data import BenchData, open_data
from skyscene.bench.inputs import pixel_hash, write_inputs
from skyscene.dataset import ClipSet
from skyscene.errors import BenchError, StoreError
from skyscene.media import read_picture

SKY64 = load_benchmark("sky64")


@pytest.fixture(scope="module")
def data(skies: Path) -> BenchData:
    return open_data(skies, SKY64)


def write(data: BenchData, to: Path, side: str = "test") -> Path:
    return write_inputs(data, "sky64", SKY64, to, side)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_each_picture_is_the_stored_first_frame(data: BenchData, tmp_path: Path) -> None:
    write(data, tmp_path)
    stored = data.stored("test", range(len(data.ids("test"))))
    for clip_id, clip_thwc in zip(data.ids("test"), stored, strict=True):
        assert np.array_equal(read_picture(tmp_path / f"{clip_id}.png"), clip_thwc[0].numpy())


def test_the_list_says_what_was_given(data: BenchData, tmp_path: Path) -> None:
    about = json.loads(write(data, tmp_path / "new" / "folder").read_text())
    assert about["benchmark"] == {"name": "sky64", "version": SKY64.version}
    assert (about["schema_version"], about["side"], about["size"], about["frames"]) == (1, "test", 64, 32)
    assert about["manifest_hash"] == data.manifest_hash
    assert [clip["clip_id"] for clip in about["clips"]] == data.ids("test")
    assert "CLIP_ID.npy" in about["how"] and "at least 64" in about["how"]


def test_the_list_has_the_hash_of_each_pictures_pixels(data: BenchData, tmp_path: Path) -> None:
    for clip in json.loads(write(data, tmp_path).read_text())["clips"]:
        assert clip["sha256"] == pixel_hash(read_picture(tmp_path / f"{clip['clip_id']}.png"))


def test_a_side_can_be_chosen(data: BenchData, tmp_path: Path) -> None:
    write(data, tmp_path, "val")
    assert {path.stem for path in tmp_path.glob("*.png")} == set(data.ids("val"))


def test_there_is_no_other_side(data: BenchData, tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="no side 'tset': did you mean test"):
        write(data, tmp_path, "tset")


def test_twice_gives_the_same_bytes(data: BenchData, tmp_path: Path) -> None:
    write(data, tmp_path / "one")
    write(data, tmp_path / "other")
    assert contents(tmp_path / "one") == contents(tmp_path / "other")


def test_what_was_begun_is_gone_on_with(
    data: BenchData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, written = module.write_bytes, []  # type: ignore[attr-defined]

    def full_after_two(path: Path, png: bytes) -> None:
        if len(written) == 2:
            raise StoreError("full")
        whole(path, png)
        written.append((path, path.stat().st_mtime_ns))

    with monkeypatch.context() as patch:
        patch.setattr(module, "write_bytes", full_after_two)
        with pytest.raises(StoreError):
            write(data, tmp_path / "begun")
    assert not (tmp_path / "begun" / "inputs.json").exists(), "it is written last"
    write(data, tmp_path / "begun")
    write(data, tmp_path / "whole")
    assert contents(tmp_path / "begun") == contents(tmp_path / "whole")
    assert all(path.stat().st_mtime_ns == time for path, time in written), "what is there stays"


def test_answers_beside_the_same_inputs_do_no_harm(data: BenchData, tmp_path: Path) -> None:
    write(data, tmp_path)
    (tmp_path / "answer.npy").write_bytes(b"x")
    write(data, tmp_path)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda folder: (folder / "mine.txt").write_text("x"), "is not empty, it holds 'mine.txt'"),
        (
            lambda folder: (folder / "inputs.json").write_text(
                '{"schema_version": 1, "benchmark": "sky128"}'
            ),
            "holds other inputs, benchmark = 'sky128' and not",
        ),
        (lambda folder: (folder / "inputs.json").write_text("[]"), "inputs.json is of something else"),
        (lambda folder: (folder / "inputs.json").write_text("{"), "inputs.json cannot be read"),
    ],
)
def test_a_folder_of_something_else_is_refused(
    data: BenchData, tmp_path: Path, spoil: Callable[[Path], object], says: str
) -> None:
    spoil(tmp_path)
    with pytest.raises(BenchError) as caught:
        write(data, tmp_path)
    assert says in str(caught.value) and "name a new folder" in str(caught.value)
    assert len(contents(tmp_path)) == 1, "nothing was written"


@pytest.mark.parametrize("broken", [True, False])
def test_a_picture_that_is_another_is_refused(data: BenchData, tmp_path: Path, broken: bool) -> None:
    path = tmp_path / f"{data.ids('test')[0]}.png"
    cv2.imwrite(str(path), np.zeros((64, 64, 3), np.uint8))
    if broken:
        path.write_bytes(b"x")
    with pytest.raises(BenchError, match="is not the picture that the data have under this id"):
        write(data, tmp_path)


def test_a_path_that_is_a_file_is_refused(data: BenchData, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(StoreError):
        write(data, tmp_path / "file")


def test_an_id_that_leads_elsewhere_is_refused(data: BenchData, tmp_path: Path) -> None:
    clips = data.sides["test"]
    ids = ["../x", *data.ids("test")[1:]]
    table = clips.table.drop_columns("clip_id").append_column("clip_id", [ids])
    spoiled = ClipSet(clips.folder, table, np.arange(len(ids)), "")
    with pytest.raises(BenchError, match=r"'\.\./x' cannot be the name of a file"):
        write(replace(data, sides={**data.sides, "test": spoiled}), tmp_path / "in")
    assert not (tmp_path / "x.png").exists()
