"""Each model learns eight clips by heart: a slow test, `make test-slow`."""

from __future__ import annotations

from itertools import repeat
from pathlib import Path

import pytest
import torch

from skyscene.bench.data import open_data
from skyscene.bench.pictures import to_clips
from skyscene.bench.recipe import load_benchmark, load_model
from skyscene.bench.step import make_optimisers
from skyscene.recipes import import_target, names

STEPS = {"mdgan": 400, "vgan": 400, "rnngan": 600}


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", names("models"))
def test_eight_clips_by_heart(name: str, skies: Path) -> None:
    recipe = load_model(name)
    torch.manual_seed(0)
    model = import_target(recipe.target, "model")(size=64, **recipe.parameters)
    data = open_data(skies, load_benchmark("synthsky64"))
    clips = to_clips(data.stored("train", range(8)), 64)
    copied = float((clips[:, :, :1] - clips).square().mean())
    for stage, settings in recipe.stages.items():
        optimisers = make_optimisers(model, stage, settings.rate, settings.betas, 0.0)
        model.begin(stage)
        for _ in range(STEPS[name]):
            turns = model.step(stage, repeat(clips))
            for player in model.players(stage):
                optimisers[player].zero_grad()
                next(turns).total.backward()
                optimisers[player].step()
        with torch.no_grad():
            left = float((model.predict(stage, clips[:, :, 0]) - clips).square().mean())
        assert left < 0.25 * copied, f"{stage}: {left / copied:.0%} of copy-first's error is left"
