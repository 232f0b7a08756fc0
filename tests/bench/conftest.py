"""A small drawn set, and models narrow enough to train in seconds."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from skyscene.bench.embedded import drawn_set
from skyscene.bench.plan import Plan, make_plan
from skyscene.bench.recipe import DataSettings, load_model
from skyscene.bench.watch import nobody

SMALL = DataSettings(kind="drawn", size=64, sources=24, val=0.2, test=0.25, seed=5)
FADING = """
[facts]
label = "Fading"
paper = "none"
note = ""
size = 64
sizes = [64]
open = []
[model]
use = "tests.bench.fading:Fading"
[stages.train]
label = "Fading"
batch = 4
rate = 1e-2
betas = [0.9, 0.999]
weight_decay = 0.0
"""
"""A recipe of a model of twelve weights, without batch norm."""
NARROW = {
    "mdgan": ["model.width=4", "stages.base.batch=4", "stages.refine.batch=4"],
    "vgan": ["model.width=8", "stages.train.batch=4"],
    "rnngan": ["model.width=8", "stages.train.batch=4"],
}
"""Overrides that make a model quick; `of_width` for a recipe that is not here."""


def of_width(name: str, width: int) -> list[str]:
    """Overrides that make any recipe's networks narrow, where it can say how wide they are."""
    return [f"model.width={width}"] if "width" in load_model(name).parameters else []


if "PYTEST_XDIST_WORKER" in os.environ:
    torch.set_num_threads(1)  # the workers share the cores already


@pytest.fixture(scope="session")
def skies(shared_temp: Path) -> Path:
    """A build folder of two dozen skies of 64 px, split; drawn by one worker, read by all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SKYSCENE_CACHE", str(shared_temp / "cache"))
        return drawn_set(SMALL, nobody, workers=2)


@pytest.fixture
def plan_of(skies: Path) -> Callable[..., Plan]:
    """A plan of a narrow model on the small set."""

    def make(model: str = "mdgan", budget: str = "16", seed: int = 0, **given: object) -> Plan:
        options: dict[str, object] = {
            "benchmark": "sky64",
            "data": skies,
            "preset": None,
            "overrides": [*NARROW[model], "facts.size=64"],
            "precision": "32",
            "accumulate": 1,
        }
        return make_plan(model, budget=budget, seed=seed, **{**options, **given})  # type: ignore[arg-type]

    return make
