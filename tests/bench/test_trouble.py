"""What goes wrong in a training is said in a line, and what was learned is kept."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner
from lightning_fabric import Fabric
from safetensors.torch import load_file

from skyscene.bench import Event, Model, Plan, begin_run, make_plan, nobody, open_run
from skyscene.bench.checkpoint import Checkpoints, Point, load_weights, read_point
from skyscene.bench.running import Run
from skyscene.bench.step import Told
from skyscene.cli.app import bench
from skyscene.errors import BenchError, BusyError, RecipeError, StoreError
from skyscene.store import holding, read_json
from tests.bench.conftest import FADING

ROOT = Path(__file__).parents[2]
Trained = Callable[..., Path]


@pytest.fixture
def train(skies: Path, tmp_path: Path) -> Iterator[Trained]:
    """Trains a model of `tests.bench.fading` and gives the run's folder."""

    def go(kind: str, budget: str, watch: Callable[[Event], None] = nobody, **given: object) -> Path:
        plan = plan_of(kind, budget, skies, tmp_path, **given)
        begin_run(plan, tmp_path / "run", "cpu", watch).train()
        return tmp_path / "run"

    yield go


def plan_of(kind: str, budget: str, skies: Path, folder: Path, **given: object) -> Plan:
    recipe = folder / "fading.toml"
    recipe.write_text(FADING.replace(":Fading", f":{kind}"))
    return make_plan(str(recipe), benchmark="sky64", data=skies, budget=budget, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(("batch", "accumulate", "micro"), [(4, 1, 2), (4, 3, 6), (7, 1, 4), (10, 1, 5)])
def test_out_of_memory_says_which_batch_fits(train: Trained, batch: int, accumulate: int, micro: int) -> None:
    with pytest.raises(BenchError) as caught:
        train("Hungry", "8", accumulate=accumulate, overrides=[f"stages.train.batch={batch}"])
    said = str(caught.value)
    assert f"a batch of {batch} does not fit into the memory of cpu; 2 does" in said
    assert f"--set stages.train.batch=2 --accumulate {micro}" in said


def test_no_batch_fits_where_a_step_holds_them_all(train: Trained) -> None:
    with pytest.raises(BenchError, match="not even a batch of 1 fits into the memory of cpu"):
        train("Crowded", "8", accumulate=2)


def test_what_a_batch_that_does_not_fit_advises_can_be_done(train: Trained, tmp_path: Path) -> None:
    with pytest.raises(BenchError):
        train("Hungry", "8")
    assert train("Hungry", "8", accumulate=2, overrides=["stages.train.batch=2"]) == tmp_path / "run"


def test_where_a_later_stage_does_not_fit_every_stage_keeps_its_clips_a_step(
    skies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import skyscene.bench.training as module

    whole = module.take_step  # type: ignore[attr-defined]

    def no_room(fabric: Fabric, model: Model, stage: str, *rest: object) -> Told:
        if stage == "refine":
            raise torch.OutOfMemoryError("no room for this")
        return whole(fabric, model, stage, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "take_step", no_room)
    narrow = ["model.width=4", "facts.size=64", "stages.base.batch=4", "stages.refine.batch=2"]
    plan = make_plan("mdgan", benchmark="sky64", data=skies, budget="8", overrides=narrow)
    with pytest.raises(BenchError) as caught:
        begin_run(plan, tmp_path / "run", "cpu").train()
    options = "--set stages.base.batch=2 --set stages.refine.batch=1 --accumulate 2"
    assert f"1 does: {options}, with another --out" in str(caught.value)


def test_a_run_is_trained_by_one_command_at_a_time(train: Trained, tmp_path: Path) -> None:
    with (
        holding(tmp_path / "run" / ".lock", "held by the test"),
        pytest.raises(BusyError, match=r"another bench command is training .*run: wait for it"),
    ):
        train("Fading", "8")
    assert not (tmp_path / "run" / "checkpoints").exists()
    train("Fading", "8")


def test_what_run_json_said_is_written_anew_where_it_is_lost(train: Trained, tmp_path: Path) -> None:
    train("Fading", "8")
    (tmp_path / "run" / "run.json").unlink()
    train("Fading", "8")
    assert read_json(tmp_path / "run" / "run.json")["stages"].keys() == {"train"}


def test_of_several_processes_one_says_that_a_run_went_on(
    train: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train("Fading", "8")
    resume = ["resume", str(tmp_path / "run"), "--device", "cpu", "--json"]
    assert json.loads(CliRunner().invoke(bench, resume).stdout) == {"run": str(tmp_path / "run")}
    monkeypatch.setattr(Run, "leads", False)
    assert CliRunner().invoke(bench, resume, catch_exceptions=False).stdout == ""


@pytest.mark.parametrize(("kind", "what"), [("Breaking", "generator/content"), ("Cracking", "shade.weight")])
def test_what_is_no_number_any_more_spoils_no_checkpoint(
    train: Trained, tmp_path: Path, kind: str, what: str
) -> None:
    with pytest.raises(BenchError) as caught:
        train(kind, "80")
    last = Checkpoints(tmp_path / "run" / "checkpoints").last("train")
    assert last is not None and read_point(last).seen == 32, "the look before it broke"
    weights = load_file(last / "weights.safetensors")
    assert all(value.isfinite().all() for value in weights.values())
    said = str(caught.value)
    assert (
        what in said and f"the last good checkpoint is {last}" in said and "--set stages.train.rate" in said
    )


def test_a_dead_discriminator_is_said_once_and_stands_beside_the_numbers(train: Trained) -> None:
    """Whoever reads the table did not see the training's terminal."""
    said: list[str] = []
    folder = train("Sure", "1800", lambda event: said.append(event.text) if event.kind == "note" else None)
    assert said == [
        "stage train: the discriminator has been sure of every clip for 200 steps: "
        "the generator learns little from it"
    ]
    (told,) = [note for note in open_run(folder, "cpu").contest().notes if "sure of every clip" in note]
    assert told.startswith("Fading, after 680 clips: the discriminator")
    assert told.endswith("200 steps: the generator learns little from it.")


def test_a_full_disk_keeps_the_checkpoints_that_are_there(
    train: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import skyscene.bench.checkpoint as module

    whole = module.save_file  # type: ignore[attr-defined]
    written: list[Path] = []

    def full_after_two(tensors: dict[str, torch.Tensor], path: Path) -> None:
        if len(written) == 2:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        whole(tensors, path)
        written.append(path)

    with monkeypatch.context() as patch:
        patch.setattr(module, "save_file", full_after_two)
        with pytest.raises(StoreError, match="full"):
            train("Fading", "80")
    checkpoints = Checkpoints(tmp_path / "run" / "checkpoints")
    left = checkpoints.all("train")
    assert len(left) == 2 and all(load_file(path / "weights.safetensors") for path in left)
    hidden = {path.name for path in (tmp_path / "run").rglob("*") if path.name.startswith(".")}
    assert hidden <= {".lock"}
    train("Fading", "80")
    last = checkpoints.last("train")
    assert last is not None and last.name == "train-000000080"


@pytest.mark.parametrize("said", ["I/O error: File too large (os error 28)", "unexpected pos 64 vs 12"])
def test_a_full_disk_is_known_by_what_libraries_say_of_it(
    train: Trained, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    def full(tensors: dict[str, torch.Tensor], path: Path) -> None:
        raise RuntimeError(said)

    monkeypatch.setattr("skyscene.bench.checkpoint.save_file", full)
    usage = shutil.disk_usage(".")

    def full_until_it_is_swept(folder: Path) -> object:
        return usage._replace(free=0) if list(folder.glob(".*.part")) else usage

    monkeypatch.setattr("skyscene.bench.checkpoint.shutil.disk_usage", full_until_it_is_swept)
    with pytest.raises(StoreError, match=r"no space left .* make room and run the same command again"):
        train("Fading", "8")


def test_what_was_learned_since_the_last_look_is_kept(
    train: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("skyscene.bench.training._SAVED_EVERY", 0.0)
    whole = load_file(train("Fading", "400") / "checkpoints/train-000000400/weights.safetensors")
    (tmp_path / "run").rename(tmp_path / "whole")

    def stop(event: Event) -> None:
        if event.kind == "step" and event.done == 28:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train("Fading", "400", stop)
    last = Checkpoints(tmp_path / "run" / "checkpoints").last("train")
    assert last is not None and read_point(last).seen == 24 and read_point(last).score is None
    again = load_file(train("Fading", "400") / "checkpoints/train-000000400/weights.safetensors")
    assert all(torch.equal(whole[key], again[key]) for key in whole)


@pytest.mark.timeout(300)
def test_killed_and_gone_on_with_ends_in_the_same_weights(skies: Path, tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("whole", "cut")]
    for folder in folders:
        folder.mkdir()
        plan_of("Fading", "2000", skies, folder).write(folder / "run")
    resume = [str(Path(sys.executable).with_name("bench")), "resume", "run", "--device", "cpu"]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    subprocess.run(resume, cwd=folders[0], env=env, check=True, capture_output=True)
    for until in ("*-000000400", "*-000001200"):
        process = subprocess.Popen(resume, cwd=folders[1], env=env, stderr=subprocess.DEVNULL)
        while not list((folders[1] / "run" / "checkpoints").glob(until)):
            assert process.poll() is None, "it ended before it was killed"
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
    subprocess.run(resume, cwd=folders[1], env=env, check=True, capture_output=True)
    last = [folder / "run/checkpoints/train-000002000/weights.safetensors" for folder in folders]
    assert last[0].read_bytes() == last[1].read_bytes()


def test_what_a_killed_process_left_is_swept(train: Trained, tmp_path: Path) -> None:
    left = tmp_path / "run" / "checkpoints" / ".train-000000004.1.part"
    left.mkdir(parents=True)
    train("Fading", "8")
    assert not left.exists()


def test_weights_that_are_tied_are_kept_and_loaded(tmp_path: Path) -> None:
    first, second = torch.nn.Linear(3, 3), torch.nn.Linear(3, 3)
    second.weight = first.weight
    tied = torch.nn.Sequential(first, second)
    place = Checkpoints(tmp_path).save(Point("train", 8, 1, "tests:Tied", 0.5), tied, {})
    fresh = torch.nn.Sequential(torch.nn.Linear(3, 3), torch.nn.Linear(3, 3))
    load_weights(place, fresh, "tests:Tied")
    for name, weight in fresh.state_dict().items():
        assert torch.equal(weight, tied.state_dict()[name]), name


def test_a_size_that_the_model_does_not_have_is_not_advised(skies: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "fading.toml"
    recipe.write_text(FADING.replace("size = 64", "size = 128").replace("sizes = [64]", "sizes = [128]"))
    plan = make_plan(str(recipe), benchmark="sky64", data=skies)
    with pytest.raises(BenchError, match=r"is to draw 128: build with larger pictures"):
        begin_run(plan, tmp_path / "run", "cpu")


def test_a_seed_that_no_generator_takes_is_refused_before_anything_is_drawn(skies: Path) -> None:
    with pytest.raises(RecipeError, match=r"run\.seed"):
        make_plan("mdgan", data=skies, seed=1 << 24)
