"""`bench run` and `bench train`: from a model's name to a run's folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from skyscene.cli.bench_display import BenchDisplay
from skyscene.cli.bench_options import (
    data_option,
    device_option,
    metric_option,
    policy_option,
    print_over_seeds,
    print_results,
    spatial_option,
)
from skyscene.cli.options import NewFolder, json_option, print_json, set_option

if TYPE_CHECKING:
    from skyscene.bench import Plan

Command = TypeVar("Command", bound=Callable[..., Any])


def _plan_options(command: Command) -> Command:
    """What decides a run."""
    for option in reversed(
        [
            click.argument("model"),
            click.option(
                "--benchmark",
                help="A name (`bench list benchmarks`) or a path that ends in .toml.  "
                "[default: sky128 or sky64 with --data, by the model; else synthsky64]",
            ),
            data_option,
            policy_option,
            spatial_option,
            click.option(
                "--budget",
                default="short",
                show_default=True,
                help="Real clips a stage sees: smoke, short, paper, or a number.",
            ),
            click.option("--preset", help="A preset of the model's recipe: paper, ..."),
            click.option(
                "--seeds",
                type=click.IntRange(min=1),
                default=1,
                show_default=True,
                help="Train with the seeds 0, 1, ...: a run each.",
            ),
            click.option("--precision", type=click.Choice(["32", "bf16"]), default="32", show_default=True),
            click.option(
                "--accumulate",
                type=click.IntRange(min=1),
                default=1,
                show_default=True,
                help="Micro-batches a step; batch norm sees one at a time.",
            ),
            click.option(
                "--compile", is_flag=True, help="Compile the networks: slow to begin; measure what it gains."
            ),
            click.option(
                "--channels-last", is_flag=True, help="Channels last in memory: faster on some devices."
            ),
            click.option("--out", default=Path("runs"), show_default=True, type=NewFolder()),
            device_option,
            set_option,
            json_option,
        ]
    ):
        command = option(command)
    return command


@click.command(short_help="Train a model, score it beside the baselines, write the report.")
@_plan_options
@metric_option
def run(**asked: Any) -> None:
    """Train MODEL, score it beside the baselines, and write the report.

    MODEL is a recipe's name (`bench list models`) or a path that ends in .toml. What was begun is gone on
    with: the same command again goes on where it was stopped.
    """
    _run(asked, scored=True)


@click.command(short_help="Train a model; `bench score` and `bench report` follow.")
@_plan_options
def train(**asked: Any) -> None:
    """Train MODEL and nothing else."""
    _run(asked, scored=False)


def _run(asked: dict[str, Any], scored: bool) -> None:
    from skyscene.bench import make_plan, resolve_metrics

    model, out, device, as_json, seeds = (
        asked.pop(key) for key in ("model", "out", "device", "as_json", "seeds")
    )
    metrics = asked.pop("metrics", ())
    resolve_metrics(metrics)  # a misspelt one is said before anything is trained
    plans = [make_plan(model, seed=seed, **asked) for seed in range(seeds)]
    told = [_one(plan, out / plan.name, device, metrics if scored else None, as_json) for plan in plans]
    together: dict[str, Any] = {"over_seeds": [], "report": None}
    if scored and seeds > 1:
        to = out / f"{plans[0].model.name}-{plans[0].protocol}-seeds"
        together |= _together([out / plan.name for plan in plans], to, device, as_json)
    if as_json and all(told):
        print_json({"runs": told, **together})


def _one(
    plan: Plan, folder: Path, device: str, metrics: Sequence[str] | None, as_json: bool
) -> dict[str, Any]:
    """Trains one seed, and scores it where metrics are given; nothing is told where another process leads."""
    from skyscene.bench import Event, begin_run, compare, keep_memory, write_report

    with BenchDisplay(quiet=as_json) as display:
        opened = begin_run(plan, folder, device, display)
        if plan.settings.budget == "paper" and plan.settings.seed == 0:
            for line in plan.model.facts.open:
                display(Event("note", line))
        keep_memory(opened.fabric.device)
        opened.train()
        if not opened.leads:
            return {}
        if metrics is not None:
            contest = opened.contest()
            results = contest.score(metrics)
            page = write_report(compare([contest]), folder)
    if metrics is None:
        if not as_json:
            click.echo(f"trained: {folder}\nnext: bench score {folder}; bench report {folder}")
        return {"run": str(folder)}
    if not as_json:
        print_results(results)
        click.echo(f"look at it: {page}\nwhat do people prefer? bench study export {folder}")
    return {"run": str(folder), "report": str(page), "results": results.to_json()}


def _together(runs: Sequence[Path], to: Path, device: str, as_json: bool) -> dict[str, Any]:
    """All seeds on one page. Runs are opened anew: no network stays in memory while others are trained."""
    from skyscene.bench import report_over_seeds

    with BenchDisplay(quiet=as_json) as display:
        comparison = report_over_seeds(runs, to, device, display)
    if comparison is None:  # another process leads
        return {}
    if not as_json:
        for model in comparison.seeded:
            print_over_seeds(model.rows)
        click.echo(f"look at it: {to / 'report.html'}")
    return {
        "over_seeds": [model.to_json() for model in comparison.seeded],
        "report": str(to / "report.html"),
    }
