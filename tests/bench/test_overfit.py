"""Each model learns eight clips by heart: a slow test, `make test-slow`.

What is asked is whether losses, gradients and networks can. The networks are narrow, so that two cores need
minutes and not days; the held frame of VGAN and the content of the others weigh more than in their recipes,
because beside a judge alone they take many times as long.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

import pytest
import torch
from torch import Tensor

from skyscene.bench.data import open_data
from skyscene.bench.embedded import drawn_set
from skyscene.bench.model import Model
from skyscene.bench.pictures import to_clips
from skyscene.bench.recipe import DataSettings, StageSettings, load_benchmark, load_model
from skyscene.bench.step import make_optimisers, take_step
from skyscene.bench.trained import make_fabric
from skyscene.bench.watch import nobody
from skyscene.recipes import import_target, names
from tests.bench.conftest import of_width

_SKIES = DataSettings(kind="drawn", size=64, sources=24, val=0.2, test=0.25, seed=5, wind=(6.0, 0.0))
_ENOUGH = 0.25
"""Of the error of a copied first frame."""


@dataclass(frozen=True)
class Lesson:
    """How a model is taught.

    Attributes:
        overrides: Of its recipe.
        rate: Of both players at the first step; it falls evenly to nothing, so that statistics catch up.
        steps: Until then; learning ends sooner where enough is learned.
    """

    overrides: tuple[str, ...]
    rate: float
    steps: int


_LESSONS = {
    "mdgan": Lesson(("model.width=8", "model.lambda_con=1000"), 2e-3, 800),
    "vgan": Lesson(("model.width=16", "model.lambda_first=30"), 1e-3, 2000),
    "rnngan": Lesson(("model.width=16", "model.lambda_mse=1000"), 2e-3, 1000),
}
"""A recipe that is not here is taught as VGAN is, by the losses that it has."""


@pytest.mark.slow
@pytest.mark.timeout(4 * 3600)
@pytest.mark.parametrize("name", names("models"))
def test_eight_clips_by_heart(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKYSCENE_CACHE", str(tmp_path))
    lesson = _LESSONS.get(name) or Lesson(tuple(of_width(name, 16)), 1e-3, 1500)
    recipe = load_model(name, overrides=lesson.overrides)
    torch.manual_seed(0)
    model: Model = import_target(recipe.target, "model")(size=64, **recipe.parameters)
    data = open_data(drawn_set(_SKIES, nobody), load_benchmark("wind64"))
    clips = to_clips(data.stored("train", range(8)), 64)
    copied = float((clips[:, :, :1] - clips).square().mean())
    for stage, settings in recipe.stages.items():
        left = _learn(model, stage, settings, clips, lesson, _ENOUGH * copied)
        assert left < _ENOUGH * copied, f"{stage}: {left / copied:.0%} of copy-first's error is left"


def _learn(
    model: Model, stage: str, settings: StageSettings, clips: Tensor, lesson: Lesson, enough: float
) -> float:
    """The least error as it is used, looked at every ten steps until it is small enough."""
    optimisers = make_optimisers(model, stage, lesson.rate, settings.betas, 0.0)
    fabric = make_fabric("cpu", "32")
    least = float("inf")
    for step in range(1, lesson.steps + 1):
        for optimiser in optimisers.values():
            for group in optimiser.param_groups:
                group["lr"] = lesson.rate * (1 - (step - 1) / lesson.steps)
        model.begin(stage)
        take_step(fabric, model, stage, optimisers, repeat(clips), accumulate=1)
        if step % 10 == 0:
            model.eval()
            with torch.no_grad():
                error = float((model.predict(stage, clips[:, :, 0]) - clips).square().mean())
            least = min(least, error)
            if least < enough:
                break
    return least
