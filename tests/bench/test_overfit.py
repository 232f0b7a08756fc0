"""Each model learns eight clips by heart: a slow test, `make test-slow`."""

from __future__ import annotations

from itertools import repeat
from pathlib import Path

import pytest
import torch
from torch import Tensor

from skyscene.bench.data import open_data
from skyscene.bench.model import Model
from skyscene.bench.pictures import to_clips
from skyscene.bench.recipe import StageSettings, load_benchmark, load_model
from skyscene.bench.step import make_optimisers
from skyscene.recipes import import_target, names

_STEPS, _LOOK = 1000, 20
_RATE = 2e-3
_WEIGHED = {"mdgan": ["model.lambda_con=100"]}
"""What is asked is whether the networks can; beside its judge alone MD-GAN takes many times as long."""


@pytest.mark.slow
@pytest.mark.timeout(4 * 3600)
@pytest.mark.parametrize("name", names("models"))
def test_eight_clips_by_heart(name: str, skies: Path) -> None:
    recipe = load_model(name, overrides=_WEIGHED.get(name, []))
    torch.manual_seed(0)
    model: Model = import_target(recipe.target, "model")(size=64, **recipe.parameters)
    data = open_data(skies, load_benchmark("synthsky64"))
    clips = to_clips(data.stored("train", range(8)), 64)
    copied = float((clips[:, :, :1] - clips).square().mean())
    for stage, settings in recipe.stages.items():
        left = min(_learn(model, stage, settings, clips, 0.25 * copied))
        assert left < 0.25 * copied, f"{stage}: {left / copied:.0%} of copy-first's error is left"


def _learn(model: Model, stage: str, settings: StageSettings, clips: Tensor, enough: float) -> list[float]:
    """The error as it is used, every twenty steps, until it is small enough."""
    optimisers = make_optimisers(model, stage, _RATE, settings.betas, 0.0)
    errors: list[float] = []
    for step in range(1, _STEPS + 1):
        model.begin(stage)
        turns = model.step(stage, repeat(clips))
        for player in model.players(stage):
            optimisers[player].zero_grad()
            next(turns).total.backward()
            optimisers[player].step()
        if step % _LOOK == 0:
            model.eval()
            with torch.no_grad():
                errors.append(float((model.predict(stage, clips[:, :, 0]) - clips).square().mean()))
            if errors[-1] < enough:
                break
    return errors
