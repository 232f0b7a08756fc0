"""Where metrics agree, and the table by label."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch

from skyscene.bench.comparison.agreement import disagreements, over_clips, over_rows
from skyscene.bench.comparison.by_label import by_label
from skyscene.bench.comparison.entrants import Comparison, compare
from skyscene.bench.contest import Contest, resolve_metrics
from skyscene.bench.contestant import Block, Contestant
from skyscene.bench.intervals import Sums, band, estimate
from skyscene.bench.recipe import load_benchmark
from skyscene.errors import MetricError, RecipeError
from skyscene.metrics import Clips, FrameMetric, plain

Draw = Callable[[Block], list[torch.Tensor]]
Values = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
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
        truth=Noise(),  # type: ignore[arg-type]
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


def contest_of(folder: Path, *drawers: Contestant) -> Contest:
    return Contest(
        folder=folder,
        model="noise",
        protocol="sky64",
        benchmark=load_benchmark("sky64"),
        truth=Noise(),  # type: ignore[arg-type]
        manifest_hash="0" * 16,
        contestants=[Contestant("copy-first", "copy", "baseline", still), *drawers],
        device=torch.device("cpu"),
    )


@pytest.mark.parametrize(
    ("draw", "says"),
    [
        (
            lambda block: [clip[:, :, :1] for clip in still(block)],
            r"odd draws \(8, 3, 1, 64, 64\) beside \(8, 3, 32, 64, 64\)",
        ),
        (lambda block: [clip / 0 for clip in still(block)], "odd draws what is no number"),
        (lambda block: still(block) * 2, "odd draws 2 samples a clip, not 1"),
    ],
)
def test_what_is_no_prediction_is_refused(draw: Draw, says: str, tmp_path: Path) -> None:
    with pytest.raises(MetricError, match=says):
        contest_of(tmp_path, Contestant("odd", "odd", "model", draw)).score(("mse01",))
    assert not (tmp_path / "results.json").exists() and not list((tmp_path / "scores").glob("*"))


def test_rows_of_one_label_are_all_there(tmp_path: Path) -> None:
    same = [Contestant(name, "truth", "model", lambda block: drawn(block, 0.5)) for name in ("a", "b")]
    contest = contest_of(tmp_path, *same)
    contest.score(("mse01",))
    labels = [row.label for row in compare([contest]).results.rows]
    assert len(set(labels)) == 3 and "truth" not in labels


def test_a_distance_between_sets_takes_as_many_clips_of_each_sample_as_there_are_real_ones() -> None:
    from skyscene.bench.table import _set_cell
    from skyscene.metrics import metric

    real, one, other = (torch.randn(6, 4, generator=torch.Generator().manual_seed(k)) for k in range(3))

    class Features:
        ids = groups = tuple("abcdef")

        def features(self, row: str, extractor: str) -> list[torch.Tensor]:
            return [real] if row == "truth" else [one, other]

        def featured(self, row: str, extractor: str) -> list[str]:
            return list(self.ids)

    found = metric("fvd")
    cell = _set_cell(Features(), "row", found, None)  # type: ignore[arg-type]
    expected = (found.distance(one, real) + found.distance(other, real)) / 2
    assert cell.scored and cell.scored.mean == pytest.approx(expected) and cell.scored.clips == 6


def test_no_interval_is_told_where_some_draws_have_no_number() -> None:
    moved, moves = np.zeros(10), np.zeros(10)
    moved[0], moves[0] = 2.0, 1.0
    found = estimate(Sums(moved, moves), list("abcdefghij"))
    assert found and found.mean == 2 and found.low is None and found.high is None
    bands = band(
        Sums(np.stack([moved, np.ones(10)], 1), np.stack([moves, np.ones(10)], 1)), list("abcdefghij")
    )
    assert bands.low is not None and np.isnan(bands.low[0]) and bands.low[1] == 1


def test_two_metrics_of_one_spec_id_are_refused() -> None:
    assert len(resolve_metrics(["mse01", "mse01"])) == 1
    with pytest.raises(RecipeError, match="one spec id"):
        resolve_metrics(["tests.metrics.brightness:BRIGHTNESS", "tests.metrics.brightness:AGAIN"])


@pytest.mark.parametrize(
    "values", [lambda p, r: p.mean(dim=(1, 2, 3, 4)), lambda p, r: (p - r).mean(dim=(1, 3, 4)) / 0]
)
def test_a_metric_that_gives_no_number_a_frame_is_refused(values: Values, tmp_path: Path) -> None:
    odd = FrameMetric("odd", "odd/1", "lower", "odd", plain(values))
    with pytest.raises(MetricError, match="odd"):
        odd(Clips(torch.rand(2, 3, 4, 8, 8)), Clips(torch.rand(2, 3, 4, 8, 8)), {})
