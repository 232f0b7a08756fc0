"""Shards, metadata tables and archives, read back with other libraries."""

import gc
import hashlib
import json
import tarfile
import tracemalloc
import warnings
import zipfile

import numpy as np
import pyarrow.parquet as pq
import pytest

from skyscene.dataset import export, open_clips
from skyscene.dataset.exporters.webdataset import WebDatasetExporter
from skyscene.errors import StoreError


def read_shards(shards):
    """What the webdataset package makes of tar files; it leaves them open, which is not our fault."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import webdataset

        samples = list(webdataset.WebDataset(shards, shardshuffle=False))
        gc.collect()
    return samples


def test_webdataset_reads_the_shards(sky, tmp_path):
    out = export(sky, WebDatasetExporter(clips_a_shard=3), tmp_path / "out").folder
    names = ["test-000000.tar", "train-000000.tar", "train-000001.tar", "val-000000.tar"]
    assert sorted(path.name for path in out.iterdir()) == names
    clips = open_clips(sky)
    for side in ("train", "val", "test"):
        shards = sorted(str(path) for path in out.glob(f"{side}-*.tar"))
        samples = read_shards(shards)
        keys = [sample["__key__"] for sample in samples]
        assert keys == sorted(clip.clip_id for clip in clips.split(side))
        for sample in samples:
            clip, row = clips[sample["__key__"]], json.loads(sample["json"])
            assert hashlib.sha256(sample["mp4"]).hexdigest() == clip.sha256 == row["sha256"]
            assert row["clip_id"] == clip.clip_id and row["split"] == side
            assert row["score_dark"] == clip.score_dark and row["score_static"] is None
            assert "path" not in row and "cache_row" not in row


def test_tar_files_tell_nothing_of_the_machine(sky, tmp_path):
    out = export(sky, "webdataset", tmp_path / "out").folder
    with tarfile.open(out / "train-000000.tar") as tar:
        members = tar.getmembers()
    assert len(members) == 8
    for member in members:
        assert (member.mtime, member.uid, member.gid, member.uname, member.gname) == (0, 0, 0, "", "")
        assert member.isreg() and member.mode == 0o644


def test_a_shard_holds_a_clip_at_least():
    with pytest.raises(ValueError, match="at least 1"):
        WebDatasetExporter(clips_a_shard=0)


def test_hugging_face_metadata_names_every_file(sky, tmp_path):
    out = export(sky, "hf", tmp_path / "out").folder
    clips = open_clips(sky)
    schemas = []
    for side in ("train", "val", "test"):
        table = pq.read_table(out / side / "metadata.parquet")
        schemas.append(table.schema)
        rows = table.to_pylist()
        files = {path.relative_to(out / side).as_posix() for path in (out / side).rglob("*.mp4")}
        assert {row["file_name"] for row in rows} == files
        assert [row["clip_id"] for row in rows] == sorted(clip.clip_id for clip in clips.split(side))
        for row in rows:
            clip = clips[row["clip_id"]]
            assert hashlib.sha256((out / side / row["file_name"]).read_bytes()).hexdigest() == clip.sha256
            assert (row["source_id"], row["label_sky"]) == (clip.source_id, clip.label_sky)
    assert schemas[0] == schemas[1] == schemas[2], "the reader refuses splits of different columns"
    assert schemas[0].metadata is None and schemas[0].names[0] == "file_name"
    assert not {"path", "cache_row", "kept"} & set(schemas[0].names)


def test_hugging_face_card_names_the_splits(sky, tmp_path):
    out = export(sky, "hf", tmp_path / "out").folder
    _, header, body = (out / "README.md").read_text(encoding="utf-8").split("---\n")
    lines = [line.strip() for line in header.splitlines()]
    at = lines.index("data_files:")
    pairs = [
        "- split: train",
        "path: train/**",
        "- split: validation",
        "path: val/**",
        "- split: test",
        "path: test/**",
    ]
    assert lines[at + 1 :] == pairs and lines[at - 2 : at] == ["configs:", "- config_name: default"]
    assert "| train | 2 | 4 |" in body and "| validation | 1 | 2 |" in body


def test_a_side_without_clips_is_not_written(sky, edit, tmp_path):
    edit(sky, "clips", lambda row: row["split"] == "val", split="train")
    for format, names in (("npz", ["test.npz", "train.npz"]), ("hf", ["README.md", "test", "train"])):
        report = export(sky, format, tmp_path / format)
        assert sorted(path.name for path in report.folder.iterdir()) == names
        assert report.clips == {"train": 6, "test": 2}


def test_numpy_reads_the_archives(sky, tmp_path):
    out = export(sky, "npz", tmp_path / "out").folder
    clips = open_clips(sky)
    for side in ("train", "val", "test"):
        chosen = clips.split(side)
        with np.load(out / f"{side}.npz", allow_pickle=False) as archive:
            assert sorted(archive) == ["clip_id", "clips", "source_id"]
            assert archive["clips"].dtype == np.uint8
            assert np.array_equal(archive["clips"], next(chosen.arrays(len(chosen))))
            assert archive["clip_id"].tolist() == [clip.clip_id for clip in chosen]
            assert archive["source_id"].tolist() == [clip.source_id for clip in chosen]
        with zipfile.ZipFile(out / f"{side}.npz") as archive:
            assert archive.testzip() is None
            assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}


def test_archives_are_streamed(sky, edit, tmp_path, name_of):
    for source in range(4):
        np.save(sky / "cache" / f"{name_of(source)}.npy", np.zeros((2, 32, 128, 128, 3), np.uint8))
    edit(sky, "clips", lambda row: row["kept"], split="train")
    export(sky, "npz", tmp_path / "warm")
    tracemalloc.start()
    try:
        report = export(sky, "npz", tmp_path / "out")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert report.bytes > 8 * 1_572_864 and peak < 4 * 1_572_864


def test_clips_of_two_shapes_are_refused(sky, edit, tmp_path, name_of):
    np.save(sky / "cache" / f"{name_of(1)}.npy", np.zeros((2, 32, 8, 8, 3), np.uint8))
    with pytest.raises(StoreError, match="has frames of"):
        export(sky, "npz", tmp_path / "out")
