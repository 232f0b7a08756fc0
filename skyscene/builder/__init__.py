"""Curation, orchestrated: sources in, a split, verified, indexed clip set out.

The room is not called ``build``, because ``skyscene.build`` is the function.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

# At once, because the module and the function in it have one name.
from skyscene.builder.funnel import Funnel, funnel

if TYPE_CHECKING:
    from skyscene.builder.beside import read_recipe_table
    from skyscene.builder.building import BuildReport, build
    from skyscene.builder.demonstration import DemoReport, demo
    from skyscene.builder.executor import LocalExecutor
    from skyscene.builder.fault import Fault
    from skyscene.builder.progress import Event, Watch, frames_ticked, nobody
    from skyscene.builder.recipe import Recipe, load_recipe
    from skyscene.builder.rendering import read_truth, render_films
    from skyscene.builder.report import write_report
    from skyscene.builder.retune_counts import Counts
    from skyscene.builder.retuning import RetuneReport, SourceChange, retune
    from skyscene.builder.source import Job, build_source
    from skyscene.builder.splitting import SplitReport, split
    from skyscene.builder.verifying import VerifyReport, verify

# Imported on first use: a worker needs the decode, not the report.
_HOMES = {
    "beside": ("read_recipe_table",),
    "building": ("BuildReport", "build"),
    "demonstration": ("DemoReport", "demo"),
    "executor": ("LocalExecutor",),
    "fault": ("Fault",),
    "progress": ("Event", "Watch", "frames_ticked", "nobody"),
    "recipe": ("Recipe", "load_recipe"),
    "rendering": ("read_truth", "render_films"),
    "report": ("write_report",),
    "retune_counts": ("Counts",),
    "retuning": ("RetuneReport", "SourceChange", "retune"),
    "source": ("Job", "build_source"),
    "splitting": ("SplitReport", "split"),
    "verifying": ("VerifyReport", "verify"),
}
_PUBLIC = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "BuildReport",
    "Counts",
    "DemoReport",
    "Event",
    "Fault",
    "Funnel",
    "Job",
    "LocalExecutor",
    "Recipe",
    "RetuneReport",
    "SourceChange",
    "SplitReport",
    "VerifyReport",
    "Watch",
    "build",
    "build_source",
    "demo",
    "frames_ticked",
    "funnel",
    "load_recipe",
    "nobody",
    "read_recipe_table",
    "read_truth",
    "render_films",
    "retune",
    "split",
    "verify",
    "write_report",
]


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'skyscene.builder' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"skyscene.builder.{_PUBLIC[name]}"), name)
    globals()[name] = value
    return value
