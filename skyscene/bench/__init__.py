"""Training and scoring models on a clip set, under one protocol."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from skyscene.bench.animation import animate
    from skyscene.bench.baselines import BASELINES
    from skyscene.bench.comparison.entrants import Comparison, compare
    from skyscene.bench.comparison.page import report_over_seeds, write_report
    from skyscene.bench.contest import resolve_metrics
    from skyscene.bench.direct import Score, score
    from skyscene.bench.elsewhere.contest import make_elsewhere
    from skyscene.bench.facts import networks
    from skyscene.bench.heap import keep_memory
    from skyscene.bench.inputs import write_inputs
    from skyscene.bench.leaderboard import add_to_leaderboard
    from skyscene.bench.model import Model, Turn
    from skyscene.bench.opening import is_contest, open_contest
    from skyscene.bench.plan import Plan, make_plan
    from skyscene.bench.recipe import load_benchmark, load_model
    from skyscene.bench.results import Results, read_results
    from skyscene.bench.running import Run, begin_run, open_run
    from skyscene.bench.seeds import OverSeeds, over_seeds
    from skyscene.bench.trained import Trained, open_trained
    from skyscene.bench.watch import Event, Watch, nobody

# Each is imported on first use: torch takes a second.
_HOMES = {
    "animation": ("animate",),
    "baselines": ("BASELINES",),
    "comparison.entrants": ("Comparison", "compare"),
    "comparison.page": ("report_over_seeds", "write_report"),
    "elsewhere.contest": ("make_elsewhere",),
    "inputs": ("write_inputs",),
    "leaderboard": ("add_to_leaderboard",),
    "contest": ("resolve_metrics",),
    "direct": ("Score", "score"),
    "opening": ("is_contest", "open_contest"),
    "facts": ("networks",),
    "heap": ("keep_memory",),
    "model": ("Model", "Turn"),
    "plan": ("Plan", "make_plan"),
    "recipe": ("load_benchmark", "load_model"),
    "results": ("Results", "read_results"),
    "running": ("Run", "begin_run", "open_run"),
    "seeds": ("OverSeeds", "over_seeds"),
    "trained": ("Trained", "open_trained"),
    "watch": ("Event", "Watch", "nobody"),
}
_PUBLIC = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "BASELINES",
    "Comparison",
    "Event",
    "Model",
    "OverSeeds",
    "Plan",
    "Results",
    "Run",
    "Score",
    "Trained",
    "Turn",
    "Watch",
    "add_to_leaderboard",
    "animate",
    "begin_run",
    "compare",
    "is_contest",
    "keep_memory",
    "load_benchmark",
    "load_model",
    "make_elsewhere",
    "make_plan",
    "networks",
    "nobody",
    "open_contest",
    "open_run",
    "open_trained",
    "over_seeds",
    "read_results",
    "report_over_seeds",
    "resolve_metrics",
    "score",
    "write_inputs",
    "write_report",
]


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'skyscene.bench' has no attribute {name!r}")
    _needs_torch()
    value = getattr(importlib.import_module(f"skyscene.bench.{_PUBLIC[name]}"), name)
    globals()[name] = value
    return value


def _needs_torch() -> None:
    from importlib.util import find_spec

    from skyscene.errors import MissingExtraError

    for package, module in (("torch", "torch"), ("lightning-fabric", "lightning_fabric")):
        if find_spec(module) is None:
            raise MissingExtraError(package, "bench", "train and score models")
