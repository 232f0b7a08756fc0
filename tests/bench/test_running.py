"""From the command line to a table and a page."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pyarrow.parquet as pq
import pytest
import torch
from click.testing import CliRunner

from skyscene.bench import Event, open_run
from skyscene.cli.app import bench
from skyscene.errors import BenchError, RecipeError, SkySceneError
from skyscene.media.clip_reader import read_clip
from tests.bench.conftest import FADING, NARROW
from tests.bench.test_data import folder_of

PLAIN = [word for name in ("mse01", "psnr", "ssim") for word in ("--metric", name)]
FEW = ("--benchmark", "sky64", "--budget", "4", "--device", "cpu")
SETS = [word for change in NARROW["mdgan"] for word in ("--set", change)]


def bench_(*words: object) -> str:
    done = CliRunner().invoke(bench, [str(word) for word in words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(scope="module")
def ran(skies: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A whole run of the narrow MD-GAN, and what was printed."""
    out = tmp_path_factory.mktemp("runs")
    words = ("run", "mdgan", "--benchmark", "sky64", "--data", skies, "--budget", 16, "--out", out)
    said = bench_(*words, "--device", "cpu", "--set", "facts.size=64", *SETS, *PLAIN)
    return out / "mdgan-sky64-seed0", said


def test_both_stages_and_all_baselines_are_rows(ran: tuple[Path, str]) -> None:
    folder, said = ran
    results = json.loads((folder / "results.json").read_text())
    rows = [row["name"] for row in results["rows"]]
    assert rows == ["copy-first", "train-mean", "clip-mean", "base", "refine"]
    assert [row["kind"] for row in results["rows"]] == ["baseline", "baseline", "oracle", "model", "model"]
    assert (
        "MD-GAN, stage II" in said
        and "a look, not a training" in results["notes"][0]
        and "ranked" in results["notes"][1]
    )


def test_scores_are_rows_of_clip_and_frame(ran: tuple[Path, str]) -> None:
    table = pq.read_table(ran[0] / "scores" / "copy-first.parquet")
    assert table.schema.metadata[b"schema_version"] == b"2"
    frame_0 = table.filter(
        (table["frame"].to_numpy() == 0) & (table["spec_id"].to_numpy(zero_copy_only=False) == "mse01/1")
    )
    assert set(frame_0["value"].to_pylist()) == {0.0}, "the copied first frame is the first frame"
    assert len(table) == len(set(table["clip_id"].to_pylist())) * 32 * 3


def test_the_oracle_is_the_best_still_picture(ran: tuple[Path, str]) -> None:
    results = json.loads((ran[0] / "results.json").read_text())
    mse = {row["name"]: row["cells"][0]["whole"]["mean"] for row in results["rows"]}
    assert mse["clip-mean"] < mse["copy-first"] and mse["clip-mean"] < mse["train-mean"]


def test_the_page_has_strips_of_truth_and_both_stages_and_needs_nothing_else(ran: tuple[Path, str]) -> None:
    page = (ran[0] / "report.html").read_text()
    for label in ("truth", "MD-GAN, stage I (width=4)", "MD-GAN, stage II (width=4)"):
        assert f"<td>{label}</td>" in page
    assert "<code>bilinear-antialias/1</code>" in page
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org", "")


def test_an_oracle_is_marked_wherever_it_could_lead(ran: tuple[Path, str]) -> None:
    lines = (ran[0] / "report.md").read_text().splitlines()
    oracle = [line for line in lines if line.startswith("| mean of the clip")]
    assert len(oracle) == 4 and all(line.startswith("| mean of the clip (oracle) |") for line in oracle)
    assert any(line.startswith("Scored on ") and "`bilinear-antialias/1`" in line for line in lines)


def test_a_model_of_128_pixels_is_scored_at_64_beside_those_of_64(tmp_path: Path) -> None:
    data = folder_of(tmp_path / "set", {"train": 2, "val": 1, "test": 2}, height=128, width=128)
    for name, size in (("sky64", 64), ("sky128", 128)):
        words = ("run", "mdgan", "--benchmark", name, "--data", data, "--budget", 4, "--out", tmp_path)
        bench_(*words, "--device", "cpu", *SETS, "--metric", "mse01")
        folder = tmp_path / f"mdgan-{name}-seed0"
        assert json.loads((folder / "results.json").read_text())["size"] == size
        assert '>pictures drawn</td><td class="name">128x128</td>' in (folder / "report.html").read_text(), (
            "what the networks draw"
        )
        clip = open_run(folder, "cpu").model.predict("refine", torch.zeros(1, 3, 128, 128))
        assert clip.shape == (1, 3, 32, 128, 128)
    results = json.loads((tmp_path / "mdgan-sky64-seed0" / "results.json").read_text())
    assert all(row["cells"][0]["scored"] for row in results["rows"]) and len(results["rows"]) == 5


def test_tensorboard_has_losses_and_moving_clips(ran: tuple[Path, str]) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    base, events = (EventAccumulator(str(ran[0] / "tensorboard" / stage)) for stage in ("base", "refine"))
    base.Reload()
    events.Reload()
    assert "base/generator/content" in base.Tags()["scalars"]
    assert "refine/val_mse01" in events.Tags()["scalars"]
    (tag,) = events.Tags()["images"]
    assert "drawn under real" in tag
    picture = events.Images(tag)[0]
    assert picture.encoded_image_string.startswith(b"GIF8") and picture.height == 128


def test_the_facts_stand_beside_the_numbers(ran: tuple[Path, str]) -> None:
    about = json.loads((ran[0] / "run.json").read_text())
    assert about["stages"].keys() == {"base", "refine"}
    assert about["stages"]["base"]["gigaflops_a_clip"] > 0
    assert about["parameters"].keys() == {"base", "refine", "judge_base", "judge_refine"}
    assert len(about["manifest_hash"]) == 16 and about["versions"]["torch"]


def test_the_same_command_again_trains_nothing(ran: tuple[Path, str], skies: Path) -> None:
    folder, said = ran
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("weights.safetensors")}
    words = ("run", "mdgan", "--benchmark", "sky64", "--data", skies, "--budget", 16, "--out", folder.parent)
    again = bench_(*words, "--device", "cpu", "--set", "facts.size=64", *SETS, *PLAIN)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("weights.safetensors")} == before
    assert again == said


def test_any_photo_is_animated(ran: tuple[Path, str], tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    cv2.imwrite(str(photo), np.random.default_rng(0).integers(0, 255, (90, 160, 3), np.uint8))
    bench_("predict", ran[0], photo, "--to", tmp_path / "out.mp4", "--device", "cpu")
    assert read_clip(tmp_path / "out.mp4").shape == (32, 64, 64, 3)


@pytest.mark.parametrize(
    ("words", "error", "says"),
    [
        (["run", "mdgna"], RecipeError, "no recipe 'mdgna' in models/: did you mean mdgan?"),
        (["run", "vgan", "--benchmark", "sky46"], RecipeError, "did you mean sky64?"),
        (["run", "vgan", "--benchmark", "sky64"], BenchError, "sky64 wants --data DIR"),
        (["run", "vgan", "--benchmark", "sky128", "--data", "."], BenchError, "give --benchmark sky64"),
        (["run", "vgan", "--budget", "smok"], RecipeError, "did you mean smoke?"),
        (["run", "mdgan", "--preset", "papre"], RecipeError, "did you mean paper?"),
        (
            ["run", "mdgan", "--set", "model.lambda_rnak=1", "--set", "stages.base.bacth=2"],
            RecipeError,
            "model.lambda_rnak: unknown key; did you mean lambda_rank?\n"
            "stages.base.bacth: unknown key; did you mean batch?",
        ),
        (["score", "."], BenchError, "is not a run, which has a run.json, and holds no clips"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(
    words: list[str], error: type[SkySceneError], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error) as caught:
        bench_(*words)
    assert says in str(caught.value)
    assert not (tmp_path / "runs").exists()


def test_a_command_that_failed_does_not_stand_in_the_way_of_the_right_one(
    skies: Path, tmp_path: Path
) -> None:
    (tmp_path / "fading.toml").write_text(FADING)
    words = ("train", tmp_path / "fading.toml", *FEW, "--out", tmp_path / "runs")
    with pytest.raises(SkySceneError):
        bench_(*words, "--data", tmp_path)
    assert not (tmp_path / "runs").exists()
    bench_(*words, "--data", skies)


def test_a_model_of_128_pixels_is_not_trained_on_smaller_pictures(skies: Path, tmp_path: Path) -> None:
    with pytest.raises(BenchError, match=r"of 64 pixels .* draw 128: give --set facts\.size=64"):
        bench_("train", "mdgan", *FEW, "--data", skies, "--out", tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_photo_is_animated_where_the_clips_are_gone(skies: Path, tmp_path: Path) -> None:
    (tmp_path / "fading.toml").write_text(FADING)
    (tmp_path / "data").symlink_to(skies)
    data = ("--data", tmp_path / "data", "--spatial", "centercrop")
    bench_("train", tmp_path / "fading.toml", *FEW, *data, "--out", tmp_path)
    (tmp_path / "data").unlink()
    photo = np.zeros((64, 128, 3), np.uint8)
    photo[:, 32:96] = 255
    cv2.imwrite(str(tmp_path / "photo.png"), photo)
    bench_("predict", tmp_path / "fading-sky64-seed0", tmp_path / "photo.png", "--to", tmp_path / "out.mp4")
    assert read_clip(tmp_path / "out.mp4")[0].min() > 250, "the middle square, as --spatial says"


def test_what_the_paper_leaves_open_is_said_before_a_long_training(
    skies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("skyscene.bench.Run.train", lambda run: None)
    recipe = FADING.replace("open = []", 'open = ["how dark it gets"]')
    (tmp_path / "fading.toml").write_text(recipe)
    words = ["train", str(tmp_path / "fading.toml"), "--benchmark", "sky64", "--data", str(skies)]
    done = CliRunner().invoke(bench, [*words, "--budget", "paper", "--out", str(tmp_path)])
    assert "note: how dark it gets" in done.stderr


def test_what_there_is_to_know_is_said_beside_json(
    skies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "skyscene.bench.Run.train", lambda run: run.watch(Event("note", "the loss runs away"))
    )
    (tmp_path / "fading.toml").write_text(FADING)
    words = ["train", str(tmp_path / "fading.toml"), "--data", str(skies), "--out", str(tmp_path), "--json"]
    done = CliRunner().invoke(bench, [*words, "--benchmark", "sky64"], catch_exceptions=False)
    assert done.stderr == "note: the loss runs away\n" and json.loads(done.stdout)


def test_a_device_that_is_not_there(skies: Path, tmp_path: Path) -> None:
    if torch.cuda.is_available():
        pytest.skip("there is one")
    with pytest.raises(BenchError, match=r"--device cuda: .*; --device cpu always works"):
        bench_("run", "vgan", "--benchmark", "sky64", "--data", skies, "--device", "cuda", "--out", tmp_path)


def test_lists(tmp_path: Path) -> None:
    said = bench_("list")
    assert "refine 39,072,576" in said and "draw 68,216,455" in said and "judge 2,765,568" in said
    found = json.loads(bench_("list", "--json"))
    assert found.keys() == {"models", "benchmarks", "metrics", "baselines", "protocols"}


def test_over_seeds(ran: tuple[Path, str]) -> None:
    from dataclasses import replace

    from skyscene.bench import over_seeds, read_results

    one = read_results(ran[0])
    other = replace(one, seed=1)
    rows = over_seeds([one, other])
    assert len(rows) == len(one.rows) * len(one.rows[0].cells) and all(row.spread == 0 for row in rows)
    with pytest.raises(BenchError, match="differ in more than their seed"):
        over_seeds([one, replace(other, budget=1)])
    with pytest.raises(BenchError, match="one seed has no spread"):
        over_seeds([one])
    with pytest.raises(BenchError, match="in their metrics"):
        over_seeds([one, replace(other, columns=other.columns[::-1])])


def test_no_public_name_is_a_modules_name() -> None:
    """Importing such a module would put it in the place of the thing that is public."""
    from pkgutil import iter_modules

    from skyscene import bench as room

    assert not set(room.__all__) & {module.name for module in iter_modules(room.__path__)}
