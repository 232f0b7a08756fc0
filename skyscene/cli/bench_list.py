"""`bench list`."""

from __future__ import annotations

from typing import Any

import click

from skyscene.cli.options import json_option, print_json
from skyscene.recipes import names

WHAT = ("models", "benchmarks", "metrics", "baselines", "protocols")


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
    for kind, rows in found.items():
        if len(found) > 1:
            click.echo(f"{kind}:")
        for row in rows:
            click.echo("  ".join(str(value) for value in row.values() if value != ""))
        if len(found) > 1:
            click.echo()


def _models() -> list[dict[str, Any]]:
    import torch

    from skyscene.bench import load_model, networks
    from skyscene.recipes import import_target

    rows = []
    for name in names("models"):
        recipe = load_model(name)
        with torch.device("meta"):
            model = import_target(recipe.target, "model")(size=recipe.facts.size, **recipe.parameters)
        counts = ", ".join(f"{network} {count:,}" for network, count in networks(model).items())
        sizes = "/".join(map(str, recipe.facts.sizes))
        rows.append(
            {"name": f"{name:<8}", "label": recipe.facts.label, "size": f"{sizes} px", "parameters": counts}
        )
    return rows


def _benchmarks() -> list[dict[str, Any]]:
    from skyscene.bench import load_benchmark

    rows = []
    for name in names("benchmarks"):
        recipe = load_benchmark(name)
        budgets = ", ".join(f"{key} {budget.clips:,}" for key, budget in recipe.budgets.items())
        rows.append(
            {
                "name": f"{name:<11}",
                "version": f"v{recipe.version}",
                "about": recipe.about,
                "budgets": f"(clips a stage: {budgets})",
            }
        )
    return rows


def _metrics() -> list[dict[str, Any]]:
    from skyscene.metrics import METRICS

    better = {"higher": "higher is better", "lower": "lower is better", "one": "best at one"}
    return [
        {
            "name": f"{found.name:<18}",
            "about": f"{found.about:<55}",
            "better": f"{better[found.goal]:<16}",
            "spec_id": found.spec_id,
            "needs": f"(bench weights get {' '.join(found.needs)})" if found.needs else "",
        }
        for found in METRICS.values()
    ]


def _baselines() -> list[dict[str, Any]]:
    from skyscene.bench import BASELINES

    return [{"name": f"{found.name:<11}", "about": found.about} for found in BASELINES.values()]


def _protocols() -> list[dict[str, Any]]:
    from skyscene.study.recipe import load_protocol

    recipes = {name: load_protocol(name) for name in names("studies")}
    return [
        {"name": f"{name:<11}", "version": f"v{recipe.version}", "about": recipe.about}
        for name, recipe in recipes.items()
    ]


_LISTS = {
    "models": _models,
    "benchmarks": _benchmarks,
    "metrics": _metrics,
    "baselines": _baselines,
    "protocols": _protocols,
}
