"""Clips that a model elsewhere has drawn: from first frames to a table, by files and in memory."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from click.testing import CliRunner

import skyscene
from skyscene.bench import compare, make_elsewhere, open_contest, read_results
from skyscene.bench.caveats import DRAWN, ONE_SEED
from skyscene.bench.data import open_data
from skyscene.bench.leaderboard import add_to_leaderboard
from skyscene.bench.recipe import load_benchmark
from skyscene.bench.results import Results
from skyscene.bench.weights import weights_path
from skyscene.cli.app import bench
from skyscene.errors import BenchError, RecipeError
from skyscene.media import write_film

PLAIN = ("mse01", "mse_pm1", "psnr", "psnr/pooled", "ssim", "flowmse/dis-medium", "motion/dis-medium")
METRICS = [word for name in PLAIN for word in ("--metric", name)]


def bench_(*words: object) -> str:
    done = CliRunner().invoke(bench, [str(word) for word in words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def drawn(first_hwc: np.ndarray) -> np.ndarray:
    """Ten lines of a user's own model: the sky goes one pixel to the right each frame."""
    return np.stack([np.roll(first_hwc, step, axis=1) for step in range(32)])


@pytest.fixture(scope="module")
def inputs(skies: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("elsewhere") / "inputs"
    bench_("inputs", "--data", skies, "--to", to)
    return to


@pytest.fixture(scope="module")
def predictions(inputs: Path) -> Path:
    """A folder of arrays."""
    folder = inputs.parent / "shift"
    folder.mkdir()
    for picture in inputs.glob("*.png"):
        np.save(folder / f"{picture.stem}.npy", drawn(cv2.imread(str(picture))[..., ::-1]))
    return folder


@pytest.fixture(scope="module")
def films(predictions: Path) -> Path:
    """The same as lossy videos."""
    folder = predictions.parent / "films"
    folder.mkdir()
    for array in predictions.glob("*.npy"):
        write_film(folder / f"{array.stem}.mp4", iter(np.load(array)), 25)
    return folder


def scored(folder: Path, skies: Path, out: Path, *words: object) -> Results:
    bench_("score", folder, "--data", skies, "--out", out, *METRICS, "--device", "cpu", *words)
    return read_results(out)


@pytest.fixture(scope="module")
def shifted(predictions: Path, skies: Path) -> tuple[Path, Results]:
    out = predictions.parent / "scores"
    return out, scored(predictions, skies, out, "--label", "shift by one")


def test_the_table_has_the_clips_beside_the_baselines(shifted: tuple[Path, Results]) -> None:
    results = shifted[1]
    assert [row.name for row in results.rows] == ["copy-first", "train-mean", "clip-mean", "predictions"]
    assert results.rows[-1].label == "shift by one" and not results.rows[-1].lossy
    assert results.benchmark.startswith("sky64/") and len(results.manifest_hash) == 16
    mse, mse_pm1 = (results.cells(name)["predictions"].scored for name in ("mse01", "mse_pm1"))
    assert mse and mse_pm1 and mse_pm1.mean == pytest.approx(4 * mse.mean)
    still = results.cells("motion/dis-medium")["copy-first"].scored
    assert still and still.mean == 0


def test_files_and_memory_give_the_same_numbers(
    shifted: tuple[Path, Results], predictions: Path, skies: Path
) -> None:
    data = open_data(skies, load_benchmark("sky64"))
    ids = data.ids("test")
    real_bthwc = data.stored("test", range(len(ids)))
    pred_bthwc = torch.from_numpy(np.stack([np.load(predictions / f"{clip}.npy") for clip in ids]))
    found = skyscene.score(pred_bthwc.permute(0, 4, 1, 2, 3), real_bthwc.permute(0, 4, 1, 2, 3), PLAIN)
    for column in shifted[1].columns:
        cell = shifted[1].cells(column.name)["predictions"].scored
        assert cell and cell.mean == pytest.approx(float(found[column.name]), rel=1e-9), column.name
        assert found[column.name].spec_id == column.spec_id


def test_a_codec_is_flagged_and_what_it_moved_is_said(
    shifted: tuple[Path, Results], films: Path, predictions: Path, skies: Path, tmp_path: Path
) -> None:
    alone = scored(films, skies, tmp_path / "alone")
    assert alone.rows[-1].lossy and "a codec that loses" in alone.notes[-1]
    both = scored(films, skies, tmp_path / "both", "--original", predictions)
    psnr = both.cells("psnr")
    before, after, moved = psnr["original"].scored, psnr["predictions"].scored, psnr["predictions"].by_codec
    assert before and after and moved
    assert moved.mean == pytest.approx(after.mean - before.mean)
    clean = shifted[1].cells("psnr")["predictions"].scored
    assert clean and before.mean == clean.mean
    bench_("report", tmp_path / "both", "--device", "cpu")
    assert "Moved by the codec" in (tmp_path / "both" / "report.md").read_text().replace(
        "Moved by the codec,", "Moved by the codec"
    )
    assert "<small>lossy</small>" in (tmp_path / "both" / "report.html").read_text()


def test_truth_in_a_folder_gives_the_same_numbers(
    shifted: tuple[Path, Results], predictions: Path, skies: Path, tmp_path: Path
) -> None:
    data = open_data(skies, load_benchmark("sky64"))
    for place, clip in enumerate(data.ids("test")):
        (tmp_path / "truth").mkdir(exist_ok=True)
        np.save(tmp_path / "truth" / f"{clip}.npy", data.stored("test", [place])[0].numpy())
    bench_(
        "score",
        predictions,
        "--truth",
        tmp_path / "truth",
        "--out",
        tmp_path / "out",
        *METRICS,
        "--device",
        "cpu",
    )
    results = read_results(tmp_path / "out")
    assert [row.name for row in results.rows] == ["copy-first", "clip-mean", "predictions"]
    assert "without a training set" in results.notes[0]
    for column in results.columns:
        here, there = (table.cells(column.name)["predictions"].scored for table in (results, shifted[1]))
        assert here and there and here.mean == there.mean


def test_several_samples_of_a_clip_are_all_scored(predictions: Path, skies: Path, tmp_path: Path) -> None:
    for array in predictions.glob("*.npy"):
        (tmp_path / "two" / array.stem).mkdir(parents=True)
        shutil.copy(array, tmp_path / "two" / array.stem / "0.npy")
        np.save(tmp_path / "two" / array.stem / "1.npy", np.repeat(np.load(array)[:1], 32, axis=0))
    results = scored(tmp_path / "two", skies, tmp_path / "out")
    cells = {row: cell.scored for row, cell in results.cells("mse01").items()}
    single = scored(predictions, skies, tmp_path / "one").cells("mse01")["predictions"].scored
    assert results.rows[-1].samples == 2 and single and cells["predictions"] and cells["copy-first"]
    assert cells["predictions"].mean == pytest.approx((single.mean + cells["copy-first"].mean) / 2)


def test_the_page_opens_from_the_disk_and_holds_every_part(shifted: tuple[Path, Results]) -> None:
    bench_("report", shifted[0], "--device", "cpu")
    page = (shifted[0] / "report.html").read_text()
    for part in (
        "Gained on a copied first frame",
        "data:image/webp",
        "Where the metrics disagree",
        "Published elsewhere",
    ):
        assert part in page
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org", "")
    assert (shifted[0] / "table.tex").read_text().count("\\\\") >= len(shifted[1].rows)
    assert "shift by one" in (shifted[0] / "report.md").read_text()


def test_two_folders_make_one_comparison_if_they_were_scored_alike(
    shifted: tuple[Path, Results], predictions: Path, skies: Path, tmp_path: Path
) -> None:
    other = tmp_path / "still"
    other.mkdir()
    for array in predictions.glob("*.npy"):
        np.save(other / array.name, np.repeat(np.load(array)[:1], 32, axis=0))
    scored(other, skies, tmp_path / "out")
    bench_("report", shifted[0], tmp_path / "out", "--to", tmp_path / "both", "--device", "cpu")
    told = (tmp_path / "both" / "report.md").read_text()
    assert (
        "shift by one" in told and "| still |" in told and told.count("copy first frame (baseline) |") == 3
    ), "once a table"
    bench_("score", other, "--data", skies, "--out", tmp_path / "few", "--metric", "mse01", "--device", "cpu")
    with pytest.raises(BenchError, match="their metrics differ"):
        compare([open_contest(shifted[0], "cpu"), open_contest(tmp_path / "few", "cpu")])


def test_the_leaderboard_takes_what_was_scored_alike_and_nothing_else(
    shifted: tuple[Path, Results], predictions: Path, skies: Path, tmp_path: Path
) -> None:
    board = tmp_path / "board.json"
    words = ("report", "--add", "--leaderboard", board)
    assert "4 new rows" in bench_(*words, shifted[0])
    assert "0 new rows" in bench_(*words, shifted[0])
    told = board.with_suffix(".md").read_text()
    assert len(json.loads(board.read_text())["rows"]) == 4 and "| shift by one | - | - |" in told
    assert ONE_SEED not in told, "nothing of it was trained here"
    bench_(
        "score",
        predictions,
        "--data",
        skies,
        "--out",
        tmp_path / "few",
        "--metric",
        "mse01",
        "--device",
        "cpu",
    )
    before = board.read_bytes()
    with pytest.raises(BenchError, match=r"metrics is mse01/1, mse_pm1/1, .*the run's mse01/1"):
        bench_(*words, tmp_path / "few")
    assert board.read_bytes() == before


def test_the_leaderboard_says_what_its_rows_do_not_rank(
    shifted: tuple[Path, Results], tmp_path: Path
) -> None:
    board = tmp_path / "board.json"
    trained = replace(shifted[1], seed=7, budget=6000, notes=("Of this run alone.", ONE_SEED, DRAWN))
    assert add_to_leaderboard(trained, "runs/one", board) == 4
    told = board.with_suffix(".md").read_text()
    assert "| shift by one | 7 | 6,000 |" in told and "| copy first frame (baseline) | - | - |" in told
    assert f"\n\n- {ONE_SEED}\n- {DRAWN}\n" in told and "alone" not in told


def test_a_contest_is_not_scored_as_other_clips_than_it_has(shifted: tuple[Path, Results]) -> None:
    with pytest.raises(BenchError, match="knows its own: leave out --policy, --spatial"):
        bench_("score", shifted[0], "--policy", "ge33-first32", "--spatial", "squash", "--device", "cpu")


def test_changed_clips_are_not_reported_under_old_numbers(
    predictions: Path, skies: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "mine"
    shutil.copytree(predictions, mine)
    bench_("score", mine, "--data", skies, "--out", tmp_path / "out", "--metric", "mse01", "--device", "cpu")
    one = next(iter(mine.glob("*.npy")))
    np.save(one, np.zeros_like(np.load(one)))
    with pytest.raises(BenchError, match="digest changed since"):
        bench_("report", tmp_path / "out", "--device", "cpu")


def test_nothing_is_scored_by_halves(predictions: Path, skies: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    shutil.copytree(predictions, mine)
    gone, short, *_ = sorted(mine.glob("*.npy"))
    np.save(short, np.load(short)[:30])
    gone.unlink()
    with pytest.raises(BenchError) as caught:
        bench_("score", mine, "--data", skies, "--out", tmp_path / "out", "--device", "cpu")
    assert "missing (1)" in str(caught.value) and "has 30" in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_where_weights_are_not_to_be_had_the_cell_says_so(
    predictions: Path, skies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKYSCENE_CACHE", str(tmp_path / "nothing"))
    results = scored(predictions, skies, tmp_path / "out", "--metric", "lpips/alex", "--metric", "fvd")
    absent = {column.name: column.absent for column in results.columns if column.absent}
    assert absent.keys() == {"lpips/alex", "fvd"}
    assert all("`bench weights get`" in why for why in absent.values())
    bench_("report", tmp_path / "out", "--device", "cpu")
    assert "lpips/alex is not measured" in (tmp_path / "out" / "report.html").read_text()
    found = skyscene.score(torch.zeros(2, 3, 4, 32, 32), torch.zeros(2, 3, 4, 32, 32), ["lpips/alex"])
    assert found["lpips/alex"].value is None and "bench weights get" in str(found["lpips/alex"])


def test_with_the_weights_sets_and_pictures_are_compared_by_networks(
    predictions: Path, skies: Path, tmp_path: Path
) -> None:
    if not weights_path("i3d-kinetics-400").is_file() or not weights_path("lpips-alex").is_file():
        pytest.skip("the weights are not here: `bench weights get`")
    few = tmp_path / "few"
    few.mkdir()
    truth = tmp_path / "truth"
    truth.mkdir()
    data = open_data(skies, load_benchmark("sky64"))
    for place, clip in enumerate(data.ids("test")[:3]):
        shutil.copy(predictions / f"{clip}.npy", few)
        np.save(truth / f"{clip}.npy", data.stored("test", [place])[0].numpy())
    words = ("--metric", "lpips/alex", "--metric", "fvd", "--metric", "kvd")
    bench_("score", few, "--truth", truth, "--out", tmp_path / "out", *words, "--device", "cpu")
    results = read_results(tmp_path / "out")
    assert all(cell.scored for row in results.rows for cell in row.cells)
    assert "3 of the 3 real test clips" in results.notes[-1] and "biased" in results.notes[-1]
    still = results.cells("lpips/alex")["copy-first"].whole
    assert still and still.mean > 0


def test_a_contest_that_failed_leaves_no_old_table_over_new_clips(
    predictions: Path, skies: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "mine"
    shutil.copytree(predictions, mine)
    scored(mine, skies, tmp_path / "out")
    one = next(iter(mine.glob("*.npy")))
    np.save(one, np.zeros_like(np.load(one)))
    with pytest.raises(RecipeError, match="did you mean ssim"):
        bench_(
            "score", mine, "--data", skies, "--out", tmp_path / "out", "--metric", "ssmi", "--device", "cpu"
        )
    with pytest.raises(BenchError, match="digest changed since"):
        bench_("report", tmp_path / "out", "--device", "cpu")
    make_elsewhere(mine, tmp_path / "out", data=skies, device="cpu")
    with pytest.raises(BenchError, match="is not scored yet"):
        bench_("report", tmp_path / "out", "--device", "cpu")


@pytest.mark.parametrize("where", [".", "scores/deep"])
def test_scores_do_not_go_where_the_clips_are(
    where: str, predictions: Path, skies: Path, tmp_path: Path
) -> None:
    shutil.copytree(predictions, tmp_path / "mine")
    before = sorted((tmp_path / "mine").rglob("*"))
    with pytest.raises(BenchError, match="which is only read"):
        bench_(
            "score", tmp_path / "mine", "--data", skies, "--out", tmp_path / "mine" / where, "--device", "cpu"
        )
    assert sorted((tmp_path / "mine").rglob("*")) == before
