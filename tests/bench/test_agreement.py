"""Where metrics agree, and the table by label."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch

from skyscene.bench.comparison.agreement import disagreements, over_clips, over_rows
from skyscene.bench.comparison.by_label import by_label
from skyscene.bench.comparison.entrants import Comparison, compare
from skyscene.bench.contest import Contest
from skyscene.bench.contestant import Block, Contestant
from skyscene.bench.recipe import load_benchmark

NAMES = ("mse01", "psnr", "motion/dis-medium")


class Noise:
    """Twelve clips of drifting noise in two kinds."""

    ids = tuple(f"{number:02d}" for number in range(12))
    groups = ids

    @property
    def labels(self) -> dict[str, list[str | None]]:
        return {"time": ["day", "night"] * 6, "alike": ["x"] * 12}

    def stored(self, places: list[int]) -> torch.Tensor:
        clips = []
        for place in places:
            wide = np.random.default_rng(place).integers(0, 200 + place, (64, 96, 3), np.uint8)
            clips.append(np.stack([wide[:, step : step + 64] for step in range(32)]))
        return torch.from_numpy(np.stack(clips))


def drawn(block: Block, spoilt: float) -> list[torch.Tensor]:
    real = block.stored_bthwc.permute(0, 4, 1, 2, 3).float() / 255
    return [real * (1 - spoilt)]


def still(block: Block) -> list[torch.Tensor]:
    real = block.stored_bthwc.permute(0, 4, 1, 2, 3).float() / 255
    return [real[:, :, :1].expand_as(real)]


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    folder = tmp_path_factory.mktemp("noise")
    contest = Contest(
        folder=folder,
        model="noise",
        protocol="sky64",
        benchmark=load_benchmark("sky64"),
        truth=Noise(),
        manifest_hash="0" * 16,
        contestants=[
            Contestant("copy-first", "copy", "baseline", still),
            Contestant("good", "good", "model", lambda block: drawn(block, 0.02)),
            Contestant("bad", "bad", "model", lambda block: drawn(block, 0.9)),
        ],
        device=torch.device("cpu"),
    )
    contest.score(NAMES)
    return compare([contest])


def test_metrics_of_one_thing_agree_and_others_need_not(comparison: Comparison) -> None:
    found = over_rows(comparison)
    assert found and found.names == NAMES and found.count == 3
    assert found.table[0, 1] == 1, "the error and its logarithm rank alike"
    assert np.allclose(np.diag(found.table), 1)
    by_clip = over_clips(comparison)
    assert by_clip and by_clip.count == 36 and by_clip.table[0, 1] == pytest.approx(1)
    turned = type(found)(("a", "b"), "rows", 3, np.array([[1.0, -0.5], [-0.5, 1.0]]))
    assert disagreements(turned) == ["a and b (-0.50)"] and disagreements(found)[:1] != ["mse01 and psnr"]


def test_the_table_is_told_again_for_each_label(comparison: Comparison) -> None:
    rows = list(by_label(comparison))
    assert {(row.labeler, row.value, row.clips) for row in rows} == {("time", "day", 6), ("time", "night", 6)}
    whole = comparison.results.cells("mse01")["bad"].scored
    parts = [row.cells[0].mean for row in rows if row.row == "bad" and row.cells[0]]
    assert whole and np.mean(parts) == pytest.approx(whole.mean)


def test_clips_are_the_units_of_every_interval(comparison: Comparison) -> None:
    cell = comparison.results.cells("mse01")["bad"]
    assert (
        cell.scored
        and cell.scored.low
        and cell.scored.high
        and cell.scored.low < cell.scored.mean < cell.scored.high
    )
    assert cell.beyond_copy and cell.whole


def test_scores_on_the_disk_are_what_the_columns_say(comparison: Comparison) -> None:
    table = pq.read_table(comparison.scored.folder / "scores" / "good.parquet")
    assert table.schema.field("clip_id").type == pa.dictionary(pa.int32(), pa.string())
    motion = table.filter(pa.compute.equal(table["spec_id"].cast(pa.string()), "motion/dis-medium/1"))
    assert sorted(set(motion["frame"].to_pylist())) == list(range(1, 32)), "a flow belongs to its later frame"


def test_the_page_tells_labels_and_agreement(comparison: Comparison, tmp_path: Path) -> None:
    from skyscene.bench import write_report
    from skyscene.store import write_json

    write_json(comparison.scored.folder / "run.json", {"kind": "noise"})
    page = write_report(comparison, tmp_path).read_text()
    assert 'id="labels"' in page and "time: night" in page and "rank the other way round" in page
