"""What every model of the registry has to do; a new one is tested by being there."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, repeat, tee
from pathlib import Path

import pytest
import torch
from torch import Tensor
from torch.optim import Optimizer

from skyscene.bench.checkpoint import Checkpoints, Point, load_optimisers, load_weights
from skyscene.bench.model import Model
from skyscene.bench.recipe import ModelRecipe, load_model
from skyscene.bench.step import make_optimisers, take_step
from skyscene.bench.trained import make_fabric
from skyscene.recipes import import_target, names
from tests.bench.conftest import NARROW, of_width

_JUDGED = ("adversarial", "rank")

STAGES = [
    (name, stage, size)
    for name in names("models")
    for stage in load_model(name).stages
    for size in load_model(name).facts.sizes
]


def made(name: str, size: int, seed: int = 0) -> tuple[Model, ModelRecipe]:
    recipe = load_model(name, overrides=NARROW.get(name) or of_width(name, 8))
    torch.manual_seed(seed)
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


@pytest.fixture(params=STAGES, ids=lambda param: "-".join(map(str, param)))
def staged(request: pytest.FixtureRequest) -> tuple[Model, ModelRecipe, str]:
    name, stage, size = request.param
    return *made(name, size), stage


def test_shape_and_range(staged: tuple[Model, ModelRecipe, str]) -> None:
    model, _, stage = staged
    clip = model.predict(stage, skies(2, model.size)[:, :, 0])
    assert clip.shape == (2, 3, 32, model.size, model.size)
    assert clip.min() >= -1 and clip.max() <= 1 and clip.std() > 0
    for picture in model.pictures(stage, skies(2, model.size)[:, :, 0]).values():
        assert picture.shape == clip.shape and picture.min() >= -1 and picture.max() <= 1


def test_more_to_look_at_beside_vgans_clips_is_what_they_are_made_of() -> None:
    model, _ = made("vgan", 64)
    model.begin("train")
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(4)  # a mask of halves would blend either way round alike
    first = skies(2, 64)[:, :, 0]
    shown = model.pictures("train", first)
    assert shown.keys() == {"mask", "foreground", "background"}
    mask = (shown["mask"] + 1) / 2
    still = shown["background"]
    assert mask.min() >= 0 and mask.std() > 0.1 and torch.equal(still[:, :, 0], still[:, :, 31])
    blended = mask * shown["foreground"] + (1 - mask) * still
    assert torch.allclose(blended, model.predict("train", first), atol=1e-5)


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
    model, recipe, stage = staged
    first = skies(1, model.size)[:, :, 0]
    drawn = [made(recipe.name, model.size, seed)[0].eval().predict(stage, first) for seed in (0, 0, 1)]
    assert torch.equal(drawn[0], drawn[1]) and not torch.equal(drawn[0], drawn[2])


def test_a_checkpoint_makes_a_model_of_another_seed_draw_the_same(
    staged: tuple[Model, ModelRecipe, str], tmp_path: Path
) -> None:
    model, recipe, stage = staged
    firsts = skies(2, model.size)[:, :, 0]
    other, _ = made(recipe.name, model.size, seed=1)
    with torch.no_grad():
        model.train().predict(stage, firsts)  # statistics move: they belong to the checkpoint
        load_weights(_saved(tmp_path, model, recipe, stage, {}), other, recipe.target)
        one, same = (each.eval().predict(stage, firsts) for each in (model, other))
    assert torch.equal(one, same)


def test_two_steps_a_checkpoint_and_one_more_are_three_steps(
    staged: tuple[Model, ModelRecipe, str], tmp_path: Path
) -> None:
    """Whatever a model keeps from step to step has to be in its weights, or going on is another training."""
    model, recipe, stage = staged
    batches: Iterator[Tensor] = cycle(skies(5, model.size).split(1))
    optimisers = _optimisers(model, recipe, stage)
    _go_on(model, stage, optimisers, batches, steps=range(2))
    batches, again = tee(batches)
    checkpoint = _saved(tmp_path, model, recipe, stage, optimisers)
    _go_on(model, stage, optimisers, batches, steps=range(2, 3))

    other, _ = made(recipe.name, model.size, seed=1)
    load_weights(checkpoint, other, recipe.target)
    others = _optimisers(other, recipe, stage)
    load_optimisers(checkpoint, others)
    _go_on(other, stage, others, again, steps=range(2, 3))

    for (key, one), same in zip(model.state_dict().items(), other.state_dict().values(), strict=True):
        assert torch.equal(one, same), key


def _optimisers(model: Model, recipe: ModelRecipe, stage: str) -> dict[str, Optimizer]:
    settings = recipe.stages[stage]
    return make_optimisers(model, stage, settings.rate, settings.betas, settings.weight_decay)


def _go_on(
    model: Model, stage: str, optimisers: dict[str, Optimizer], batches: Iterator[Tensor], steps: range
) -> None:
    """What a step draws is a function of its number, as the loop has it."""
    model.begin(stage)
    for step in steps:
        torch.manual_seed(step)
        take_step(make_fabric("cpu", "32"), model, stage, optimisers, batches, accumulate=1)


def _saved(
    folder: Path, model: Model, recipe: ModelRecipe, stage: str, optimisers: dict[str, Optimizer]
) -> Path:
    point = Point(stage, seen=2, steps=2, model=recipe.target, score=None)
    return Checkpoints(folder).save(point, model, optimisers)


def test_every_player_moves_and_every_parameter_gets_a_gradient(
    staged: tuple[Model, ModelRecipe, str],
) -> None:
    model, recipe, stage = staged
    optimisers = _optimisers(model, recipe, stage)
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
    steps, left = (40, 0.75) if model.size < 128 else (16, 0.85)  # a step there takes four times as long
    errors = list(_contents(model, recipe, stage, skies(2, model.size), steps))
    assert errors[-1] < left * errors[0]


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
