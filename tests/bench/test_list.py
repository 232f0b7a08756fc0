"""What is known, for machines as values and for people in columns."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from skyscene.cli.app import bench


def list_(*words: str) -> str:
    done = CliRunner().invoke(bench, ["list", *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(scope="module")
def known() -> dict[str, dict[str, Any]]:
    """Kind to name to record."""
    found = json.loads(list_("--json"))
    return {kind: {record["name"]: record for record in records} for kind, records in found.items()}


def strings(value: Any) -> list[str]:
    """Every text in a value."""
    if isinstance(value, dict):
        return [text for each in value.values() for text in strings(each)]
    if isinstance(value, list):
        return [text for each in value for text in strings(each)]
    return [value] if isinstance(value, str) else []


def test_nothing_is_padded_for_machines(known: dict[str, dict[str, Any]]) -> None:
    assert [text for text in strings(known) if text != text.strip()] == []
    assert [name for records in known.values() for name in records if name != name.strip()] == []


def test_a_model_is_told_in_values(known: dict[str, dict[str, Any]]) -> None:
    mdgan = known["models"]["mdgan"]
    assert mdgan["label"] == "MD-GAN" and mdgan["sizes"] == [64, 128]
    assert mdgan["parameters"] == {
        "base": 39_072_576,
        "refine": 39_072_576,
        "judge_base": 11_164_032,
        "judge_refine": 11_164_032,
    }
    assert mdgan["presets"] == ["dcgan", "fewer-skips", "no-rank", "paper"]
    assert list(mdgan["stages"]) == ["base", "refine"]


def test_a_benchmark_has_budgets_and_metrics_that_are_listed(known: dict[str, dict[str, Any]]) -> None:
    sky64 = known["benchmarks"]["sky64"]
    assert sky64["version"] == 1 and sky64["size"] == 64 and sky64["budgets"]["short"]["clips"] == 6000
    assert set(sky64["metrics"]) <= set(known["metrics"])


def test_a_metric_has_its_spec_its_goal_and_the_weights_it_needs(known: dict[str, dict[str, Any]]) -> None:
    fvd = known["metrics"]["fvd"]
    assert fvd["spec_id"] == "fvd/i3d-kinetics-400/224-bilinear/1" and fvd["goal"] == "lower"
    assert fvd["weights"] == ["i3d-kinetics-400"] and fvd["of_sets"]
    assert known["metrics"]["motion/dis-medium"]["goal"] == "one"


def test_baselines_say_which_looks_at_the_truth(known: dict[str, dict[str, Any]]) -> None:
    assert {name: each["oracle"] for name, each in known["baselines"].items()} == {
        "copy-first": False,
        "train-mean": False,
        "clip-mean": True,
    }


def test_people_see_columns() -> None:
    lines = list_("metrics").splitlines()
    assert "psnr                a frame's, then the mean " in "\n".join(lines)
    assert len({line.index(" is better") for line in lines if "lower is better" in line}) == 1
    assert list_("models").splitlines()[-1].startswith("vgan      VGAN  64 px  draw 68,216,455, judge ")
