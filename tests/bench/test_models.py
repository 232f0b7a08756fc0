"""Recipes of models: what is refused in a line, and what a preset changes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from click.testing import CliRunner

from skyscene.bench.facts import networks
from skyscene.bench.plan import make_plan, read_plan
from skyscene.bench.recipe import load_benchmark, load_model
from skyscene.cli.app import bench
from skyscene.errors import BenchError, RecipeError
from skyscene.recipes import find, import_target, names, read_toml
from tests.hostile.table import ROWS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("name", "size", "said"),
    [
        ("mdgan", 96, "size = 96: MD-GAN has networks for 128 and for 64 pixels"),
        ("vgan", 128, "size = 128: VGAN has networks for 64 pixels"),
        ("rnngan", 128, "size = 128: RNN-GAN has networks for 64 pixels"),
    ],
)
def test_a_size_that_there_is_not(name: str, size: int, said: str) -> None:
    recipe = load_model(name)
    with pytest.raises(RecipeError) as caught, torch.device("meta"):
        import_target(recipe.target, "model")(size=size, **recipe.parameters)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("name", "override", "said"),
    [
        ("mdgan", "model.frozen_base='still'", "'still': input should be 'eval' or 'train'"),
        ("vgan", "model.encoder=txt", "'txt': input should be 'code' or 'paper'"),
        ("vgan", "model.width=0", "0: input should be greater than 0"),
        ("rnngan", "model.lambda_mse=-1", "-1: input should be greater than or equal to 0"),
        ("mdgan", "model.lambda_con=nan", "nan: input should be a finite number"),
        ("mdgan", "model.skips_base=3", "3: input should be a valid array"),
        ("mdgan", "model.use=3", "3: write it as package.module:Class"),
    ],
)
def test_an_option_that_there_is_not(name: str, override: str, said: str) -> None:
    with pytest.raises(RecipeError) as caught:
        load_model(name, overrides=[override])
    assert caught.value.problems == [f"{override.partition('=')[0]} = {said}"]


@pytest.mark.parametrize("stage", ["base", "refine"])
def test_layers_that_there_are_not(stage: str) -> None:
    with pytest.raises(RecipeError) as caught:
        load_model("mdgan", overrides=[f"model.skips_{stage}=[9, 5, 0]"])
    assert caught.value.problems == [
        f"model.skips_{stage}.{at} = {layer}: input should be 1, 2, 3, 4 or 5"
        for at, layer in ((0, 9), (2, 0))
    ]


def test_decays_that_there_are_not() -> None:
    with pytest.raises(RecipeError) as caught:
        load_model("mdgan", overrides=["stages.base.betas=[-0.1, 0.5]", "stages.refine.betas=[0.5, 1.0]"])
    assert caught.value.problems == [
        "stages.base.betas.0 = -0.1: input should be greater than or equal to 0",
        "stages.refine.betas.1 = 1.0: input should be less than 1",
    ]


MISTAKES = {
    "wrong overrides of a model": ("modle.width=4", "stages.base.bacth=2", "nonsense"),
    "values of another kind": ("model.saturating=no", "model.lambda_con=abc", "model.width=wide"),
    "a layer that there is not": ("model.skips_base=[1, 9]",),
    "no tables in their places": ("model=x", "stages=3", "facts=[]"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    sets = [f"--set={override}" for override in MISTAKES[name]]
    # With no data either, so that a fault that is not found ends it all the same, by another line.
    done = CliRunner().invoke(bench, ["run", "mdgan", "--benchmark", "sky64", *sets])
    row = ROWS[name]
    assert isinstance(done.exception, RecipeError) and row.status == "exit 1"
    assert not row.missing(str(done.exception)) and len(done.exception.problems) == len(row.says)
    assert not list(tmp_path.iterdir())


def test_a_value_reaches_the_class_as_the_recipe_has_it() -> None:
    recipe = load_model("mdgan", overrides=["model.lambda_con=2", "model.skips_base=[5]"])
    assert repr(recipe.parameters["lambda_con"]) == "2" and recipe.parameters["skips_base"] == [5]


@pytest.mark.parametrize(
    ("top", "preset", "said"),
    [
        (
            'model = "x"\nfacts = 1\nstages = []',
            None,
            ["facts = 1: must be a table", "model = 'x': must be a table", "stages = []: must be a table"],
        ),
        ("presets = 3", "paper", ["presets = 3: must be a table"]),
        (
            "[presets]\nquick = 3\nslow = []",
            "qiuck",
            [
                "presets.quick = 3: must be a table",
                "presets.slow = []: must be a table",
                "odd.toml has no preset 'qiuck': did you mean quick?",
            ],
        ),
    ],
)
def test_what_is_no_table_is_told_with_all_the_rest(
    top: str, preset: str | None, said: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("odd.toml").write_text(f'base = "mdgan"\nstage = 3\n{top}\n')
    with pytest.raises(RecipeError) as caught:
        load_model("odd.toml", preset, ["nonsense"])
    assert sorted(caught.value.problems) == sorted(
        [
            *said,
            "--set nonsense: write it as section.name.key=value",
            "stage: unknown key; did you mean stages?",
        ]
    )


def test_a_preset_that_is_chosen_and_no_table(tmp_path: Path) -> None:
    path = tmp_path / "odd.toml"
    path.write_text('base = "mdgan"\n[presets]\npaper = "x"\n')
    with pytest.raises(RecipeError) as caught:
        load_model(str(path), preset="paper")
    assert caught.value.problems == ["presets.paper = 'x': must be a table"]


def test_all_that_is_wrong_with_a_benchmark_is_told_at_once() -> None:
    overrides = ["data.sourcess=3", "budgets.smoke.clip=3", "nonsense"]
    with pytest.raises(RecipeError) as caught:
        load_benchmark("synthsky64", overrides)
    assert caught.value.problems == [
        "--set nonsense: write it as section.name.key=value",
        "data.sourcess: unknown key; did you mean sources?",
        "budgets.smoke.clip: unknown key; did you mean clips?",
    ]
    with pytest.raises(RecipeError) as caught:
        load_benchmark("synthsky64", ["metrics=['psn', 'sism']", "best=mse01"])
    assert caught.value.problems == [
        "no metric 'psn': did you mean psnr?",
        "no metric 'sism': did you mean ssim?",
        "best = 'mse01': not among metrics; known: psn, sism",
    ]


PRESETS: Mapping[tuple[str, str], Mapping[str, Any]] = {
    # models.md 1.4, 1.5, 1.8 (2 to 4, 13): the generator descends log(1 - D), Adam's betas are (0.5, 0.9)
    ("mdgan", "paper"): {
        "model": {"saturating": True, "lambda_con": 1.0, "lambda_rank": 1.0, "rank_ascent": 1.0},
        "stages": {
            "base": {"batch": 64, "rate": 2e-4, "betas": (0.5, 0.9)},
            "refine": {"batch": 32, "rate": 2e-4, "betas": (0.5, 0.9)},
        },
    },
    # models.md 1.4: stage II without the ranking loss, and nothing else
    ("mdgan", "no-rank"): {"model": {"lambda_rank": 0.0, "lambda_con": 1.0, "skips_refine": [3, 4, 5]}},
    # models.md 1.1: both generators with conv5, conv4 and conv3 alone
    ("mdgan", "fewer-skips"): {"model": {"skips_base": [3, 4, 5], "skips_refine": [3, 4, 5]}},
    # models.md 1.8 (2): the other reading of Adam's betas
    ("mdgan", "dcgan"): {"stages": {"base": {"betas": (0.5, 0.999)}, "refine": {"betas": (0.5, 0.999)}}},
    # models.md 2.1, 2.6, 2.7: the text's encoder to a vector of 100 before the unconditional model's streams
    ("vgan", "paper-text"): {"model": {"encoder": "paper", "width": 64, "lambda_first": 10.0}},
    # models.md 4.1: Adam (0.5, 0.999) at 2e-4; the third party's code takes 100 clips a step
    ("rnngan", "paper"): {"stages": {"train": {"batch": 100, "rate": 2e-4, "betas": (0.5, 0.999)}}},
}


def test_an_ablation_is_told_from_the_model_wherever_its_numbers_go() -> None:
    plain, other = (
        load_model("mdgan"),
        load_model("mdgan", "no-rank", ["model.width=8", "stages.base.batch=2"]),
    )
    assert (plain.facts.label, plain.stages["refine"].label) == ("MD-GAN", "MD-GAN, stage II")
    assert other.facts.label == "MD-GAN (no-rank, width=8)"
    assert other.stages["refine"].label == "MD-GAN, stage II (no-rank, width=8)"
    assert other.table["stages"]["refine"]["label"] == other.stages["refine"].label, "written beside the run"
    assert load_model("mdgan", overrides=["model.width=32"]) == plain, "as its recipe has it"


def test_a_benchmark_of_ones_own_is_made_as_the_page_says(tmp_path: Path) -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "train.md").read_text(), re.DOTALL)
    path = tmp_path / "evenings.toml"
    path.write_text(text)
    plan = make_plan("mdgan", benchmark=str(path), budget="evening")
    assert plan.name == "mdgan-evenings-seed0" and plan.settings.clips == 20_000
    assert (plan.benchmark.data.sources, plan.benchmark.version) == (600, 1)
    assert plan.benchmark.metrics == load_benchmark("synthsky64").metrics
    plan.write(tmp_path / "run")
    assert read_plan(tmp_path / "run") == plan


DECIDED = {
    "beach64": (1, "d5a33b6d8ddd"),
    "golf64": (1, "db864ab91d32"),
    "sky128": (1, "8f0cdf6b2a05"),
    "sky64": (1, "f9da3ba947ed"),
    "synthsky64": (2, "7c3d59503ba6"),
    "wind64": (1, "c277587ca602"),
}
"""Version of each benchmark, and a hash of what decides its numbers but for what is told beside them."""


@pytest.mark.parametrize("name", names("benchmarks"))
def test_what_decides_a_benchmarks_numbers_changes_with_its_version(name: str) -> None:
    table = load_benchmark(name).model_dump(
        mode="json", include={"size", "resampler", "frames", "best", "data"}
    )
    digest = hashlib.sha256(json.dumps(table, sort_keys=True).encode()).hexdigest()[:12]
    assert (load_benchmark(name).version, digest) == DECIDED[name], "raise its version, then note both here"


def test_whatever_a_recipe_can_set_is_on_the_page() -> None:
    page = (ROOT / "docs" / "train.md").read_text()
    rows = "".join(line for line in page.splitlines() if line.startswith("| `model."))
    for name in names("models"):
        for key in load_model(name).parameters:
            assert f"model.{key}`" in rows or f"`.{key}`" in rows, key


def test_a_runs_plan_is_no_models_recipe_and_says_what_to_do_with_it(tmp_path: Path) -> None:
    make_plan("mdgan").write(tmp_path)
    with pytest.raises(
        RecipeError, match=r"is the plan of a run .* `bench resume FOLDER` trains what it says"
    ):
        load_model(str(tmp_path / "recipe.toml"))


def test_a_preset_is_in_the_name_of_its_run() -> None:
    plan = make_plan("mdgan", preset="no-rank")
    assert plan.name == "mdgan-no-rank-synthsky64-seed0" and plan.settings.preset == "no-rank"
    assert make_plan("mdgan").name == "mdgan-synthsky64-seed0"


def test_a_run_of_before_labels_named_their_preset_is_gone_on_with(tmp_path: Path) -> None:
    plan = make_plan("mdgan", preset="no-rank")
    plan.write(tmp_path)
    recipe = tmp_path / "recipe.toml"
    text = recipe.read_text()
    assert text.count(" (no-rank)") == 3 and 'preset = "no-rank"\n' in text
    recipe.write_text(text.replace(" (no-rank)", "").replace('preset = "no-rank"\n', ""))
    point = tmp_path / "checkpoints" / "base-000000008" / "point.json"
    point.parent.mkdir(parents=True)
    point.write_text("{}")
    plan.check(tmp_path)
    with pytest.raises(BenchError, match=r"model\.model\.lambda_rank was 0\.0, now 1\.0"):
        make_plan("mdgan").check(tmp_path)


@pytest.mark.parametrize(("name", "preset"), PRESETS)
def test_what_a_preset_changes(name: str, preset: str) -> None:
    recipe, plain = load_model(name, preset), load_model(name)
    wanted = PRESETS[name, preset]
    parameters = wanted.get("model", {})
    assert {key: recipe.parameters[key] for key in parameters} == parameters
    for stage, values in wanted.get("stages", {}).items():
        assert {key: getattr(recipe.stages[stage], key) for key in values} == values
    assert recipe != plain
    rest = recipe.parameters.keys() - parameters.keys()
    assert all(recipe.parameters[key] == plain.parameters[key] for key in rest)


def test_every_preset_has_its_line_here() -> None:
    shipped = {
        (name, preset)
        for name in names("models")
        for preset in read_toml(find("models", name)).get("presets", {})
    }
    assert shipped == set(PRESETS)


def test_the_skips_of_mdgan_at_64_are_those_that_its_recipe_tells() -> None:
    recipe = load_model("mdgan")
    with torch.device("meta"):
        model = import_target(recipe.target, "model")(size=64, **recipe.parameters)
    table_1 = {64: "conv2", 128: "conv3", 256: "conv4", 512: "conv5"}  # by the channels that it gives
    kept = {}
    for stage, generator in (("base", model.base), ("refine", model.refine)):
        layers = [generator.encoder[skip - 1][0] for skip in sorted(generator.skips)]
        kept[stage] = [table_1[layer.out_channels] for layer in layers]
    assert kept == {"base": ["conv2", "conv3", "conv4", "conv5"], "refine": ["conv4", "conv5"]}
    (line,) = [line for line in recipe.facts.open if "at 64 px" in line]
    assert "drops the two finest that are left there, those of conv2 and conv3" in line
    assert "keeps those of conv4 and conv5" in line


def test_vgan_as_its_text_has_it() -> None:
    recipe = load_model("vgan", preset="paper-text")
    with torch.device("meta"):
        model = import_target(recipe.target, "model")(size=64, **recipe.parameters)
    assert networks(model) == {"draw": 19_823_019, "judge": 11_057_858}
