"""A run that is stopped anywhere and gone on with ends in the same weights, bit for bit."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from skyscene.bench.checkpoint import Checkpoints, Point, load_optimisers, load_weights, read_point
from skyscene.bench.contestant import SideTruth
from skyscene.bench.data import BenchData
from skyscene.bench.log import read_log
from skyscene.bench.order import Order
from skyscene.bench.plan import Plan
from skyscene.bench.running import begin_run, open_run
from skyscene.bench.trained import make_model
from skyscene.bench.watch import Event, nobody
from skyscene.errors import BenchError, StoreError

Make = Callable[..., Plan]
COMPILED = [pytest.mark.slow, pytest.mark.timeout(1200), pytest.mark.filterwarnings("ignore")]  # torch's own


def trained(plan: Plan, folder: Path, watch: Callable[[Event], None] = nobody) -> Path:
    begin_run(plan, folder, "cpu", watch).train()
    return folder


def weights(folder: Path, stage: str) -> dict[str, torch.Tensor]:
    last = Checkpoints(folder / "checkpoints").last(stage)
    assert last is not None
    return load_file(last / "weights.safetensors")


class Stopped(Exception):
    pass


def stop_at(stage: str, clips: int) -> Callable[[Event], None]:
    """Watches a training until a stage has seen so many clips, and stops it there."""

    def stop(event: Event) -> None:
        if event.kind == "step" and event.text == stage and event.done >= clips:
            raise Stopped

    return stop


@pytest.mark.parametrize("accumulate", [1, 2])
@pytest.mark.parametrize("at", [("base", 17), ("refine", 12)])
def test_stopped_and_gone_on_with(
    plan_of: Make, tmp_path: Path, at: tuple[str, int], accumulate: int
) -> None:
    plan = plan_of(
        budget="24",
        overrides=["model.width=4", "facts.size=64", "stages.base.batch=2", "stages.refine.batch=2"],
        accumulate=accumulate,
    )
    whole = trained(plan, tmp_path / "whole")

    with pytest.raises(Stopped):
        trained(plan, tmp_path / "cut", stop_at(*at))
    seen: list[int] = []
    trained(plan, tmp_path / "cut", lambda event: seen.append(event.done) if event.kind == "stage" else None)
    assert seen[0] > 0, "it goes on from a checkpoint, not from the start"
    for stage in ("base", "refine"):
        one, other = weights(whole, stage), weights(tmp_path / "cut", stage)
        assert one.keys() == other.keys()
        assert all(torch.equal(one[key], other[key]) for key in one)
    logs = [
        [r for r in read_log(f / "log.jsonl") if any(k.startswith("val") for k in r)]
        for f in (whole, tmp_path / "cut")
    ]
    assert logs[0] == logs[1]


def test_a_stage_that_was_stopped_is_scored_as_what_it_is(plan_of: Make, tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        trained(plan_of(budget="24"), tmp_path / "run", stop_at("refine", 18))
    contest = open_run(tmp_path / "run", "cpu").contest()
    seen = {one.name: one.cost.clips_seen for one in contest.contestants if one.cost}
    assert seen["base"] == 24 and 24 < seen["refine"] < 48
    (told,) = [note for note in contest.notes if "bench resume" in note]
    assert told.startswith(f"MD-GAN, stage II (width=4): scored after {seen['refine'] - 24} of 24 clips")


def test_another_seed_is_another_run(plan_of: Make, tmp_path: Path) -> None:
    one, same, other = (
        weights(trained(plan_of("vgan", "8", seed), tmp_path / name), "train")
        for name, seed in (("one", 0), ("same", 0), ("other", 1))
    )
    assert all(torch.equal(one[key], same[key]) for key in one)
    assert any(not torch.equal(one[key], other[key]) for key in one)


def test_stage_two_leaves_the_base_net_as_it_was(plan_of: Make, tmp_path: Path) -> None:
    folder = trained(plan_of(), tmp_path / "run")
    best = Checkpoints(folder / "checkpoints").best("base")
    assert best is not None
    before, after = load_file(best / "weights.safetensors"), weights(folder, "refine")
    base = [key for key in before if key.startswith("base.")]
    assert base and all(torch.equal(before[key], after[key]) for key in base)
    assert any(not torch.equal(before[key], after[key]) for key in before if key.startswith("refine."))


def test_only_the_last_checkpoints_and_the_best_stay(plan_of: Make, tmp_path: Path) -> None:
    folder = trained(plan_of("vgan", "80"), tmp_path / "run")
    checkpoints = Checkpoints(folder / "checkpoints")
    left = checkpoints.all("train")
    assert 2 <= len(left) <= 3 and left[-1].name == "train-000000080" and checkpoints.best("train") in left
    scores = {path: json.loads((path / "point.json").read_text())["score"] for path in left}
    looks = [r["val_mse01"] for r in read_log(folder / "log.jsonl") if "val_mse01" in r]
    assert len(looks) == 10 and scores[checkpoints.best("train")] == min(looks)


def test_a_short_training_logs_its_every_step(plan_of: Make, tmp_path: Path) -> None:
    rows = read_log(trained(plan_of("rnngan", "32"), tmp_path) / "log.jsonl")
    assert [row["seen"] for row in rows if "val_mse01" not in row] == list(range(4, 33, 4))


def test_another_plan_in_the_same_folder_is_refused_once_something_was_learned(
    plan_of: Make, tmp_path: Path
) -> None:
    plan_of("vgan", "4", seed=1).write(tmp_path)
    trained(plan_of("vgan", "4"), tmp_path)
    with pytest.raises(BenchError, match=r"holds another run: run\.seed was 0, now 1"):
        plan_of("vgan", "4", seed=1).write(tmp_path)


def test_an_edited_plan_is_not_gone_on_with(plan_of: Make, tmp_path: Path) -> None:
    folder = trained(plan_of("vgan", "4"), tmp_path / "run")
    recipe = folder / "recipe.toml"
    recipe.write_text(recipe.read_text().replace("lambda_first = 10.0", "lambda_first = 1.0"))
    with pytest.raises(BenchError, match=r"recipe\.toml was changed since the run began"):
        open_run(folder, "cpu")


def test_other_processes_do_not_go_on_with_a_run(plan_of: Make, tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        trained(plan_of("vgan", "40"), tmp_path / "run", stop_at("train", 16))
    path = tmp_path / "run" / "run.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"processes": 2}))
    with pytest.raises(BenchError, match=r"begun by 2 processes and this is 1.*torchrun --nproc-per-node 2"):
        open_run(tmp_path / "run", "cpu").train()


def test_time_is_that_of_all_stops_together(plan_of: Make, tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        trained(plan_of("vgan", "40"), tmp_path / "run", stop_at("train", 16))
    checkpoints = Checkpoints(tmp_path / "run" / "checkpoints")
    path = checkpoints.last("train")
    assert path is not None
    note, point = path / "point.json", read_point(path)
    assert 0 < point.stepping < point.seconds
    note.write_text(json.dumps(json.loads(note.read_text()) | {"stepping": 1e6, "seconds": 2e6}))
    trained(plan_of("vgan", "40"), tmp_path / "run")
    told = json.loads((tmp_path / "run" / "run.json").read_text())["stages"]["train"]
    assert told["seconds"] > 2e6 and told["seconds_a_step"] > 1e6 / 10
    assert told["peak_bytes"]["process"] > 0 and told["device"].startswith("CPU")
    (cost,) = [one.cost for one in open_run(tmp_path / "run", "cpu").contest().contestants if one.cost]
    assert cost.minutes is not None and cost.minutes > 2e6 / 60


def test_what_a_stop_left_unnoted_is_noted(plan_of: Make, tmp_path: Path) -> None:
    path = trained(plan_of("vgan", "4"), tmp_path / "run") / "run.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"stages": {}}))
    began = [event.text for event in _stages_begun(plan_of("vgan", "4"), tmp_path / "run")]
    assert began == [] and json.loads(path.read_text())["stages"]["train"]["seconds"] > 0


def _stages_begun(plan: Plan, folder: Path) -> list[Event]:
    seen: list[Event] = []
    trained(plan, folder, seen.append)
    return [event for event in seen if event.kind == "stage"]


def test_the_best_is_what_its_scores_say(tmp_path: Path) -> None:
    scores = [3.0, 1.0, None, 1.0, float("nan")]
    for seen, score in enumerate(scores):
        path = tmp_path / f"train-{seen:09d}"
        path.mkdir()
        (path / "point.json").write_text(json.dumps(asdict(Point("train", seen, seen, "a:B", score))))
    assert Checkpoints(tmp_path).best("train") == tmp_path / "train-000000001", "of equals the first"
    assert Checkpoints(tmp_path, higher=True).best("train") == tmp_path / "train-000000000"
    assert Checkpoints(tmp_path).best("other") is None


def test_a_checkpoint_is_chosen_on_val(
    plan_of: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import skyscene.bench.training as module

    whole, sides = module.SideTruth, []  # type: ignore[attr-defined]

    def spied(data: BenchData, side: str = "test") -> SideTruth:
        sides.append(side)
        return whole(data, side)

    monkeypatch.setattr(module, "SideTruth", spied)
    trained(plan_of("vgan", "8"), tmp_path / "run")
    assert sides and set(sides) == {"val"}


def test_half_precision_trains_in_half_precision(plan_of: Make, tmp_path: Path) -> None:
    full, half = (
        weights(trained(plan_of("vgan", "8", precision=precision), tmp_path / precision), "train")
        for precision in ("32", "bf16")
    )
    assert all(value.isfinite().all() for value in half.values())
    assert any(not torch.allclose(full[key], half[key], atol=1e-5) for key in full)


def test_other_data_are_refused(plan_of: Make, tmp_path: Path) -> None:
    folder = trained(plan_of("vgan", "4"), tmp_path / "run")
    about = json.loads((folder / "run.json").read_text())
    (folder / "run.json").write_text(json.dumps(about | {"manifest_hash": "0" * 16}))
    with pytest.raises(BenchError, match="was trained on other clips"):
        open_run(folder, "cpu")


def test_a_checkpoint_of_another_model_is_refused(plan_of: Make, tmp_path: Path) -> None:
    folder = trained(plan_of("vgan", "4"), tmp_path / "run")
    last = Checkpoints(folder / "checkpoints").last("train")
    assert last is not None
    wider = plan_of("vgan", "4", overrides=["model.width=16"])
    model = make_model(wider, open_run(folder, "cpu").fabric)
    with pytest.raises(BenchError, match="does not fit this model: draw"):
        load_weights(last, model, wider.model.target)
    with pytest.raises(BenchError, match=r"is a checkpoint of .*:VGAN, not of my\.own:Model"):
        load_weights(last, model, "my.own:Model")


def test_a_checkpoint_with_code_in_it_is_refused_and_not_run(plan_of: Make, tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return exec, (f"open({str(tmp_path / 'ran')!r}, 'w')",)

    folder = trained(plan_of("vgan", "4"), tmp_path / "run")
    checkpoint = Checkpoints(folder / "checkpoints").last("train")
    assert checkpoint is not None
    torch.save({"generator": Evil()}, checkpoint / "optimisers.pt")
    with pytest.raises(StoreError, match=r"optimisers\.pt cannot be read"):
        load_optimisers(checkpoint, {})
    assert not (tmp_path / "ran").exists()


def test_a_loss_that_is_no_number_ends_the_run_and_keeps_the_last_good_checkpoint(
    plan_of: Make, tmp_path: Path
) -> None:
    plan = plan_of(
        "vgan", "200", overrides=["model.width=8", "stages.train.batch=4", "stages.train.rate=1e30"]
    )
    with pytest.raises(BenchError, match=r"is no number any more after \d+ clips.*stages\.train\.rate"):
        trained(plan, tmp_path / "run")


def test_every_clip_comes_as_often_as_any_other() -> None:
    places = Order(7, seed=3).places(0, 70)
    assert sorted(places.tolist()) == sorted([*range(7)] * 10)
    assert places[:7].tolist() != places[7:14].tolist()


@pytest.mark.parametrize("faster", ["channels_last", pytest.param("compile", marks=COMPILED)])
def test_what_is_faster_learns_the_same(plan_of: Make, tmp_path: Path, faster: str) -> None:
    plain, other = (
        weights(trained(plan_of("vgan", "8", **given), tmp_path / name), "train")
        for name, given in (("plain", {}), ("other", {faster: True}))
    )
    assert plain.keys() == other.keys(), "names of weights do not depend on it"
    for key, value in plain.items():
        if value.is_floating_point():
            assert torch.allclose(value, other[key], atol=1e-3), key
