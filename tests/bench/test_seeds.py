"""The same training with several seeds: one table of all, and what one seed or drawn skies do not say."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from skyscene.bench import (
    OverSeeds,
    compare,
    open_contest,
    over_seeds,
    read_results,
    report_over_seeds,
    write_report,
)
from skyscene.bench.caveats import DRAWN, ONE_SEED
from skyscene.bench.comparison.entrants import Comparison
from skyscene.bench.comparison.seeded import seeded_table
from skyscene.cli.app import bench
from skyscene.errors import BenchError
from tests.bench.conftest import FADING

CPU = ("--device", "cpu")
PLAIN = [word for name in ("mse01", "psnr") for word in ("--metric", name)]


def bench_(*words: object) -> str:
    done = CliRunner().invoke(bench, [str(word) for word in words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(scope="module")
def runs(skies: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three seeds of a model of twelve weights, then one seed of another training of it."""
    folder = tmp_path_factory.mktemp("seeds")
    (folder / "fading.toml").write_text(FADING)
    words = ("run", folder / "fading.toml", "--benchmark", "sky64", "--data", skies, *CPU, *PLAIN)
    bench_(*words, "--budget", 8, "--seeds", 3, "--out", folder / "runs")
    bench_(*words, "--budget", 8, "--set", "stages.train.rate=0.1", "--out", folder / "fast")
    names = [f"fading-sky64-seed{seed}" for seed in range(3)]
    return [*(folder / "runs" / name for name in names), folder / "fast" / names[0]]


@pytest.fixture(scope="module")
def comparison(runs: list[Path]) -> Comparison:
    return compare([open_contest(run, "cpu") for run in runs[:3]])


def test_runs_that_differ_in_their_seed_alone_are_put_together(
    comparison: Comparison, runs: list[Path]
) -> None:
    (model,) = comparison.seeded
    assert model.label == "Fading" and model.seeds == (0, 1, 2) and list(model.folders) == runs[:3]
    assert list(model.rows) == over_seeds([read_results(run) for run in runs[:3]])
    (row,) = (row for row in model.rows if row.kind == "model" and row.metric == "mse01")
    means = [read_results(run).cells("mse01")["train"].scored for run in runs[:3]]
    assert row.means == tuple(one.mean for one in means if one) and row.spread > 0


def test_the_page_and_its_markdown_have_the_table_over_seeds(comparison: Comparison, tmp_path: Path) -> None:
    page = write_report(comparison, tmp_path).read_text()
    text = (tmp_path / "report.md").read_text()
    (row,) = (row for row in comparison.seeded[0].rows if row.kind == "model" and row.metric == "mse01")
    assert '<section id="seeds"><h2>Over 3 seeds</h2>' in page and row.text in page and row.ends in page
    assert f"| Fading | 3 | {row.text} [{row.ends}] |" in text and "Over 3 seeds: " in text
    assert "| copy first frame (baseline) | - | " in text, "what is not trained stands beside it"
    assert page.count("<td>precision</td>") == 1, "facts that all have in common stand there once"
    assert "<td>Fading: time (runs/fading-sky64-seed1)</td>" in page
    assert "seeds 0, 1, 2" in page and "One seed" not in page and "One seed" not in text


def test_one_run_has_no_table_over_seeds_and_says_so(runs: list[Path]) -> None:
    page, text = ((runs[0] / name).read_text() for name in ("report.html", "report.md"))
    assert 'id="seeds"' not in page and ONE_SEED in page and ONE_SEED in text
    assert ONE_SEED in (runs[0] / "table.tex").read_text(), "a paper's table is told it too"


def test_a_report_of_runs_gives_machines_the_numbers_over_seeds(runs: list[Path], tmp_path: Path) -> None:
    told = json.loads(bench_("report", *runs[:3], "--to", tmp_path, *CPU, "--json"))
    (model,) = told["over_seeds"]
    assert model["label"] == "Fading" and model["seeds"] == [0, 1, 2]
    assert model["runs"] == [str(run) for run in runs[:3]]
    (row,) = (row for row in model["rows"] if row["row"] == "train" and row["metric"] == "psnr")
    assert row["spec_id"] == "psnr/rgb-frame/1" and len(row["means"]) == 3
    assert row["lowest"] <= row["mean"] <= row["highest"] and row["standard_deviation"] > 0
    alone = json.loads(bench_("report", runs[0], "--to", tmp_path, *CPU, "--json"))
    assert alone["over_seeds"] == []


def test_one_call_reports_all_seeds_of_a_plan(runs: list[Path], tmp_path: Path) -> None:
    found = report_over_seeds(runs[:3], tmp_path / "seeds", "cpu")
    assert found and [model.seeds for model in found.seeded] == [(0, 1, 2)]
    assert "Over 3 seeds" in (tmp_path / "seeds" / "report.html").read_text()


def test_another_plan_is_not_a_seed_and_says_that_it_has_one(runs: list[Path], tmp_path: Path) -> None:
    found = compare([open_contest(run, "cpu") for run in (*runs[:2], runs[3])])
    (model,) = found.seeded
    assert list(model.folders) == runs[:2]
    (note,) = (note for note in found.results.notes if "ranked" in note)
    assert note.startswith("fast/fading-sky64-seed0: one seed: trained models are not ranked by it.")
    two = compare([open_contest(run, "cpu") for run in (runs[0], runs[3])])
    assert two.seeded == () and ONE_SEED in two.results.notes


def test_another_number_of_processes_is_not_a_seed(runs: list[Path], tmp_path: Path) -> None:
    many = tmp_path / "many"
    shutil.copytree(runs[1], many)
    about = json.loads((many / "run.json").read_text())
    (many / "run.json").write_text(json.dumps({**about, "processes": 4}))
    contests = [open_contest(run, "cpu") for run in (runs[0], many)]
    assert compare(contests).seeded == ()
    said = [any("4 processes trained" in note for note in one.notes) for one in contests]
    assert said == [False, True]


def test_two_plans_of_one_model_are_told_apart(comparison: Comparison) -> None:
    (one,) = comparison.seeded
    other = replace(one, seeds=(0, 1), folders=one.folders[:2])
    found = seeded_table((one, other), comparison.results)
    assert found and found.title == "Over seeds"
    assert [row.label for row in found.rows][-2:] == ["Fading (#1)", "Fading (#2)"]
    assert [row.kind for row in found.rows].count("baseline") == 2, "what is not trained stands there once"
    assert found.trainings[1] == "#2 Fading: runs/fading-sky64-seed0, runs/fading-sky64-seed1"


def test_a_seed_that_is_there_twice_counts_once(runs: list[Path], tmp_path: Path) -> None:
    again = tmp_path / "again"
    shutil.copytree(runs[0], again)
    found = compare([open_contest(run, "cpu") for run in (runs[0], again, runs[1])])
    assert [model.folders for model in found.seeded] == [(runs[0], runs[1])]
    assert compare([open_contest(run, "cpu") for run in (runs[0], again)]).seeded == ()


def test_a_training_that_was_stopped_is_not_a_seed(runs: list[Path]) -> None:
    one, other = (read_results(run) for run in runs[:2])
    last = other.rows[-1]
    assert last.cost
    cut = replace(other, rows=(*other.rows[:-1], replace(last, cost=replace(last.cost, clips_seen=4))))
    with pytest.raises(BenchError, match="differ in more than their seed"):
        over_seeds([one, cut])


def test_numbers_are_told_to_the_second_digit_of_the_spread() -> None:
    def told(*means: float) -> str:
        found = OverSeeds("base", "MD-GAN", "model", "fvd", "fvd/1", means)
        return f"{found.text} [{found.ends}]"

    assert told(0.0037991, 0.0042288, 0.0076871) == "0.0052 ± 0.0021 [0.0038 to 0.0077]"
    assert told(1200.4, 1500.2) == "1350 ± 212 [1200 to 1500]"
    assert told(0.25, 0.25) == "0.25 ± 0 [0.25 to 0.25]"
    assert told(-1.5e-10, 1.5e-10) == "0 ± 2.1213e-10 [-1.5e-10 to 1.5e-10]"


def test_what_is_not_trained_has_no_spread(comparison: Comparison) -> None:
    (copy,) = (row for row in comparison.seeded[0].rows if row.row == "copy-first" and row.metric == "psnr")
    assert "±" not in copy.text and copy.ends == ""


def test_drawn_skies_rank_no_model(runs: list[Path], tmp_path: Path) -> None:
    """Clips from elsewhere, too: it is the contest that knows what its clips are."""
    contest = open_contest(runs[0], "cpu")
    assert DRAWN not in read_results(runs[0]).notes
    data = contest.benchmark.data.model_copy(update={"kind": "drawn"})
    benchmark = contest.benchmark.model_copy(update={"data": data})
    shutil.copytree(runs[0], tmp_path / "run")
    drawn = replace(contest, folder=tmp_path / "run", benchmark=benchmark)
    assert drawn.score(["mse01"]).notes[0] == DRAWN and "They rank no model" in DRAWN
    page = write_report(compare([drawn]), tmp_path).read_text()
    assert page.count('<p class="note">' + DRAWN + "</p>") == 1
    assert "They rank no model." in (tmp_path / "report.md").read_text()
    assert "They rank no model." in (tmp_path / "table.tex").read_text()


def test_the_command_puts_its_seeds_together(runs: list[Path]) -> None:
    page = runs[0].parent / "fading-sky64-seeds" / "report.html"
    assert "Over 3 seeds" in page.read_text()
