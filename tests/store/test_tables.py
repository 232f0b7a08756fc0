from __future__ import annotations

import dataclasses
from fractions import Fraction
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from skyscene.errors import StoreError
from skyscene.records import (
    Clip,
    Crop,
    Frames,
    Interval,
    Label,
    Provenance,
    Scene,
    Source,
    SourceRef,
    StreamFacts,
    Transition,
    Verdict,
)
from skyscene.store import (
    TABLES,
    read_frames,
    read_rows,
    read_thumbs,
    schema,
    write_frames,
    write_rows,
    write_thumbs,
)
from skyscene.store.rows import (
    clip_from,
    clip_row,
    facts_from,
    facts_row,
    scene_from,
    scene_row,
    source_row,
    transition_from,
    transition_row,
)

FACTS = StreamFacts(
    100, 1, 640, 360, 29.97, Fraction(1, 30000), "h264", "yuv420p", 90, Fraction(64, 45), "bt709", False
)
CLIP = Clip(
    clip_id="c",
    clip_key="k:0-32",
    source_id="s",
    scene_id="e",
    interval=Interval(3, 35),
    pts_start=3,
    pts_stop=35,
    time_base=Fraction(1, 30),
    fps=30.0,
    width=640,
    height=360,
    verdicts=(Verdict("dark", 12.5, 30.0, "nothing to see"), Verdict("static", 3.0, 1.0)),
    reasons=("dark",),
    labels=(Label("sky", "night", 0.5),),
)


def test_records_come_back_from_their_rows() -> None:
    transition = Transition(Interval(4, 9), "dissolve", 0.5, "own")
    scene = Scene("e", "s", Interval(0, 50), Crop(0, 20, 640, 320), ("short",), 0)
    assert facts_from(facts_row(FACTS)) == FACTS
    assert transition_from(transition_row("s", transition)) == transition
    assert scene_from(scene_row(scene)) == scene
    back = clip_from(clip_row(CLIP))
    assert dataclasses.replace(back, labels=()) == dataclasses.replace(CLIP, labels=())


def test_sentences_stay_with_their_reasons_whatever_the_order_of_the_keys() -> None:
    both = dataclasses.replace(
        CLIP,
        verdicts=(Verdict("static", 0, 1, "still"), Verdict("dark", 0, 1, "black")),
        reasons=("static", "dark"),
    )
    row = clip_row(both)
    assert row["details"] == ["still", "black"]
    sorted_row = dict(sorted(row.items()))
    assert clip_row(clip_from(sorted_row))["details"] == ["still", "black"]


def test_numpy_numbers_in_a_component_s_answer_are_stored() -> None:
    one = np.int64(3)
    row = transition_row("s", Transition(Interval(one, one), "cut", np.float32(1), "x"))  # type: ignore[arg-type]
    assert type(row["frame_start"]) is int and type(row["score"]) is float


def test_rows_have_exactly_the_columns_of_their_schemas() -> None:
    ref = SourceRef("youtube", "youtube:07U1fSrk9oI", {"note": "x"}, "test")
    source = Source(ref, "done", None, "s", None, "/v.mp4", "00", FACTS, Provenance(title="t"))
    row = source_row(source)
    assert set(row) == set(TABLES["sources"])
    assert row["video_id"] == "07U1fSrk9oI" and row["url"].endswith("07U1fSrk9oI")
    assert set(transition_row("s", Transition(Interval(1, 1), "cut", 1, "x"))) == set(TABLES["transitions"])
    assert set(scene_row(Scene("e", "s", Interval(0, 5), Crop(0, 0, 2, 2)))) == set(TABLES["scenes"])
    assert set(clip_row(CLIP)) | {"split"} == {
        *TABLES["clips"],
        "score_dark",
        "score_static",
        "threshold_dark",
        "threshold_static",
        "label_sky",
    }


def test_equal_rows_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_rows(tmp_path / name, [clip_row(CLIP)] * 3, schema("clips", ["dark", "static"], ["sky"]))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_another_table_and_another_version_are_refused_with_the_cure(tmp_path: Path) -> None:
    write_rows(tmp_path / "x.parquet", [], schema("scenes"))
    with pytest.raises(StoreError, match="not a SkyScene table of clips"):
        read_rows(tmp_path / "x.parquet", "clips")
    later = pa.table({"a": [1]}).replace_schema_metadata({"skyscene_table": "clips", "schema_version": "99"})
    pq.write_table(later, tmp_path / "y.parquet")
    with pytest.raises(StoreError, match=r"schema version 99, this program reads 1: use the SkyScene"):
        read_rows(tmp_path / "y.parquet", "clips")
    (tmp_path / "z.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(StoreError, match="cannot be read"):
        read_rows(tmp_path / "z.parquet", "clips")


def test_columns_of_frames_come_back_as_they_were(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    frames = Frames(
        pts=np.arange(5, dtype=np.int64) * 512,
        luma_hash=rng.integers(0, 2**64, 5, dtype=np.uint64),
        gap=np.array([False, True, False, False, True]),
        columns={
            "luma_mean": rng.random(5, dtype=np.float32),
            "tiles": rng.integers(0, 256, (5, 12), dtype=np.uint8),
        },
        versions={"luma": "1"},
        fps=29.97,
        width=256,
        height=144,
    )
    write_frames(tmp_path / "f.parquet", frames)
    back = read_frames(tmp_path / "f.parquet")
    for name in ("pts", "luma_hash", "gap"):
        assert np.array_equal(getattr(back, name), getattr(frames, name))
    for name, column in frames.columns.items():
        assert np.array_equal(back[name], column) and back[name].dtype == column.dtype
    assert (back.fps, back.width, back.height, dict(back.versions)) == (29.97, 256, 144, {"luma": "1"})


def test_thumbs_come_back(tmp_path: Path) -> None:
    write_thumbs(tmp_path / "t.parquet", [(0, b"one"), (16, b"two")])
    assert read_thumbs(tmp_path / "t.parquet") == [(0, b"one"), (16, b"two")]
