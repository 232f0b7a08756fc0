"""What every model of the registry has to do; a new one is tested by being there."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat

import pytest
import torch
from torch import Tensor

from skyscene.bench.model import Model
from skyscene.bench.recipe import ModelRecipe, load_model
from skyscene.bench.step import make_optimisers
from skyscene.recipes import import_target, names
from tests.bench.conftest import NARROW

_JUDGED = ("adversarial", "rank")

STAGES = [(name, stage) for name in names("models") for stage in load_model(name).stages]


def made(name: str, seed: int = 0) -> tuple[Model, ModelRecipe]:
    recipe = load_model(name, overrides=NARROW[name])
    torch.manual_seed(seed)
    size = min(recipe.facts.sizes)
    return import_target(recipe.target, "model")(size=size, **recipe.parameters), recipe


def skies(count: int, size: int, frames: int = 32) -> Tensor:
    """Smooth clips that drift, (b, 3, t, size, size)."""
    at = torch.arange(size) / size
    time = torch.arange(frames)[:, None, None] / 40
    phase = torch.rand(count, 3, 1, 1, 1, generator=torch.Generator().manual_seed(3))
    across = torch.sin(6 * (at[None, None, None, None, :] + time + phase)) * 0.6
    return (
        (across + 0.3 * torch.cos(5 * at)[None, None, None, :, None])
        .expand(-1, -1, -1, size, -1)
        .contiguous()
    )


@pytest.fixture(params=STAGES, ids="-".join)
def staged(request: pytest.FixtureRequest) -> tuple[Model, ModelRecipe, str]:
    name, stage = request.param
    return *made(name), stage


def test_shape_and_range(staged: tuple[Model, ModelRecipe, str]) -> None:
    model, _, stage = staged
    clip = model.predict(stage, skies(2, model.size)[:, :, 0])
    assert clip.shape == (2, 3, 32, model.size, model.size)
    assert clip.min() >= -1 and clip.max() <= 1 and clip.std() > 0
    for picture in model.pictures(stage, skies(2, model.size)[:, :, 0]).values():
        assert picture.shape == clip.shape and picture.min() >= -1 and picture.max() <= 1


def test_no_pixel_is_deaf_to_the_input(staged: tuple[Model, ModelRecipe, str]) -> None:
    """Rows that output padding adds may show one colour in every clip: nothing can be learned there."""
    model, _, stage = staged
    model.begin(stage)
    with torch.no_grad():
        clips = model.predict(stage, skies(4, model.size)[:, :, 0])
    heard = clips.std(dim=0).amin(dim=(0, 1))
    assert (heard > 1e-3 * heard.median()).all(), "some pixels are the same in every clip"


def test_a_clip_does_not_depend_on_its_batch(staged: tuple[Model, ModelRecipe, str]) -> None:
    model, _, stage = staged
    with torch.no_grad():
        model.begin(stage)
        for turn in model.step(stage, repeat(skies(3, model.size))):
            assert turn.total.isfinite()
        model.eval()
        firsts = skies(3, model.size)[:, :, 0]
        together = model.predict(stage, firsts)
        alone = torch.cat([model.predict(stage, first[None]) for first in firsts])
    assert torch.allclose(together, alone, atol=1e-5)


def test_equal_seeds_make_equal_models_and_others_do_not(staged: tuple[Model, ModelRecipe, str]) -> None:
    model, _, stage = staged
    name = next(key for key, at in STAGES if at == stage and isinstance(model, type(made(key)[0])))
    first = skies(1, model.size)[:, :, 0]
    drawn = [made(name, seed)[0].eval().predict(stage, first) for seed in (0, 0, 1)]
    assert torch.equal(drawn[0], drawn[1]) and not torch.equal(drawn[0], drawn[2])


def test_every_player_moves_and_every_parameter_gets_a_gradient(
    staged: tuple[Model, ModelRecipe, str],
) -> None:
    model, recipe, stage = staged
    settings = recipe.stages[stage]
    optimisers = make_optimisers(model, stage, settings.rate, settings.betas, settings.weight_decay)
    model.begin(stage)
    turns = model.step(stage, repeat(skies(3, model.size)))
    for player, network in model.players(stage).items():
        before = [parameter.detach().clone() for parameter in network.parameters()]
        others = {n: p.detach().clone() for n, p in model.named_parameters()}
        optimisers[player].zero_grad()
        turn = next(turns)
        assert turn.player == player
        turn.total.backward()
        assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in network.parameters())
        optimisers[player].step()
        moved = [not torch.equal(a, b) for a, b in zip(before, network.parameters(), strict=True)]
        assert all(moved)
        own = {id(parameter) for parameter in network.parameters()}
        assert all(torch.equal(others[n], p) for n, p in model.named_parameters() if id(p) not in own)
    assert next(turns, None) is None


def test_content_falls_on_one_batch(staged: tuple[Model, ModelRecipe, str]) -> None:
    model, recipe, stage = staged
    errors = list(_contents(model, recipe, stage, skies(2, model.size), 40))
    assert errors[-1] < 0.75 * errors[0]


def _contents(model: Model, recipe: ModelRecipe, stage: str, clips: Tensor, steps: int) -> Iterator[float]:
    """What holds the picture to the truth, descended alone: a judge that learns beside it pulls elsewhere."""
    optimiser = make_optimisers(model, stage, 5e-3, recipe.stages[stage].betas, 0.0)["generator"]
    model.begin(stage)
    for _ in range(steps):
        *_, turn = model.step(stage, repeat(clips))
        content = torch.stack([loss for name, loss in turn.losses.items() if name not in _JUDGED]).sum()
        optimiser.zero_grad()
        content.backward()
        optimiser.step()
        yield float(content.detach())


def test_no_nan_in_bfloat16(staged: tuple[Model, ModelRecipe, str]) -> None:
    model, _, stage = staged
    model.begin(stage)
    with torch.autocast("cpu", torch.bfloat16):
        for turn in model.step(stage, repeat(skies(2, model.size))):
            turn.total.backward()
            assert turn.total.isfinite()
    assert all(p.grad is None or p.grad.isfinite().all() for p in model.parameters())
