"""`bench list`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click

from skyscene.cli.options import json_option, print_json
from skyscene.recipes import names

WHAT = ("models", "benchmarks", "metrics", "baselines", "protocols")
_BETTER = {"higher": "higher is better", "lower": "lower is better", "one": "best at one"}


@click.command(name="list", short_help="Models, benchmarks, metrics, baselines and protocols that are known.")
@click.argument("what", type=click.Choice(WHAT), required=False)
@json_option
def list_(what: str | None, as_json: bool) -> None:
    """Show what is known: models with parameters, benchmarks, metrics, baselines, protocols."""
    asked = [what] if what else list(WHAT)
    found = {kind: _LISTS[kind]() for kind in asked}
    if as_json:
        print_json(found)
        return
    for kind, records in found.items():
        if len(found) > 1:
            click.echo(f"{kind}:")
        for record in records:
            click.echo("  ".join(part for part in _PARTS[kind](record) if part))
        if len(found) > 1:
            click.echo()


def _models() -> list[dict[str, Any]]:
    import torch

    from skyscene.bench import load_model, networks
    from skyscene.recipes import import_target, load

    records = []
    for name in names("models"):
        recipe = load_model(name)
        with torch.device("meta"):
            model = import_target(recipe.target, "model")(size=recipe.facts.size, **recipe.parameters)
        records.append(
            {
                "name": name,
                "label": recipe.facts.label,
                "paper": recipe.facts.paper,
                "sizes": list(recipe.facts.sizes),
                "parameters": networks(model),
                "model": dict(recipe.parameters),
                "stages": {key: stage.model_dump(mode="json") for key, stage in recipe.stages.items()},
                "presets": sorted(load("models", name).get("presets", {})),
            }
        )
    return records


def _model_parts(record: Mapping[str, Any]) -> tuple[str, ...]:
    sizes = "/".join(map(str, record["sizes"]))
    counts = ", ".join(f"{network} {count:,}" for network, count in record["parameters"].items())
    presets = f"(--preset {', '.join(record['presets'])})" if record["presets"] else ""
    return f"{record['name']:<8}", record["label"], f"{sizes} px", counts, presets


def _benchmarks() -> list[dict[str, Any]]:
    from skyscene.bench import load_benchmark

    return [{"name": name, **load_benchmark(name).model_dump(mode="json")} for name in names("benchmarks")]


def _benchmark_parts(record: Mapping[str, Any]) -> tuple[str, ...]:
    budgets = ", ".join(f"{key} {budget['clips']:,}" for key, budget in record["budgets"].items())
    version = f"v{record['version']}"
    return f"{record['name']:<11}", version, record["about"], f"(clips a stage: {budgets})"


def _metrics() -> list[dict[str, Any]]:
    from skyscene.metrics import METRICS, SetMetric

    return [
        {
            "name": found.name,
            "about": found.about,
            "goal": found.goal,
            "unit": found.unit,
            "spec_id": found.spec_id,
            "of_sets": isinstance(found, SetMetric),
            "weights": list(found.needs),
        }
        for found in METRICS.values()
    ]


def _metric_parts(record: Mapping[str, Any]) -> tuple[str, ...]:
    weights = f"(bench weights get {' '.join(record['weights'])})" if record["weights"] else ""
    better = f"{_BETTER[record['goal']]:<16}"
    return f"{record['name']:<18}", f"{record['about']:<55}", better, record["spec_id"], weights


def _baselines() -> list[dict[str, Any]]:
    from skyscene.bench import BASELINES

    return [
        {"name": found.name, "label": found.label, "about": found.about, "oracle": found.oracle}
        for found in BASELINES.values()
    ]


def _baseline_parts(record: Mapping[str, Any]) -> tuple[str, ...]:
    oracle = "(oracle: ranks with no model)" if record["oracle"] else ""
    return f"{record['name']:<11}", record["label"], record["about"], oracle


def _protocols() -> list[dict[str, Any]]:
    from skyscene.study.recipe import load_protocol

    recipes = {name: load_protocol(name) for name in names("studies")}
    return [
        {"name": name, "version": recipe.version, "about": recipe.about} for name, recipe in recipes.items()
    ]


def _protocol_parts(record: Mapping[str, Any]) -> tuple[str, ...]:
    return f"{record['name']:<11}", f"v{record['version']}", record["about"]


_LISTS: Mapping[str, Callable[[], list[dict[str, Any]]]] = {
    "models": _models,
    "benchmarks": _benchmarks,
    "metrics": _metrics,
    "baselines": _baselines,
    "protocols": _protocols,
}
_PARTS: Mapping[str, Callable[[Mapping[str, Any]], tuple[str, ...]]] = {
    "models": _model_parts,
    "benchmarks": _benchmark_parts,
    "metrics": _metric_parts,
    "baselines": _baseline_parts,
    "protocols": _protocol_parts,
}
