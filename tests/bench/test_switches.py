"""Options that reach into the networks do what they say; those of the losses are in test_losses."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from skyscene.bench.model import Model
from skyscene.bench.recipe import load_model
from skyscene.recipes import import_target


def made(name: str, **options: Any) -> Any:
    """As a recipe makes it, in the options that differ."""
    recipe = load_model(name)
    torch.manual_seed(0)
    return import_target(recipe.target, "model")(size=64, **{**recipe.parameters, **options})


@pytest.mark.parametrize(("code_exact", "last"), [(False, 0.2), (True, 0.01)])
def test_code_exact_is_the_slope_after_both_discriminators_fifth_convolution(
    code_exact: bool, last: float
) -> None:
    with torch.device("meta"):
        model = made("mdgan", code_exact=code_exact)
    for judge in (model.judge_base, model.judge_refine):
        slopes = [layer.negative_slope for layer in judge.modules() if isinstance(layer, nn.LeakyReLU)]
        assert slopes == [0.2, 0.2, 0.2, last]  # the fifth is the fourth at 64 px


@pytest.mark.parametrize("mode", ["eval", "train"])
def test_the_frozen_base_nets_statistics_move_in_train_mode_alone(mode: str) -> None:
    model = made("mdgan", frozen_base=mode, width=1)
    clips = torch.linspace(-1, 1, 3 * 32 * 64 * 64).reshape(1, 3, 32, 64, 64)
    before = {key: value.clone() for key, value in model.base.state_dict().items()}
    model.begin("refine")
    next(model.step("refine", iter([clips])))
    moved = {key for key, value in model.base.state_dict().items() if not torch.equal(value, before[key])}
    assert {key.rpartition(".")[2] for key in moved} == (
        {"running_mean", "running_var", "num_batches_tracked"} if mode == "train" else set()
    )
    assert not any(parameter.requires_grad for parameter in model.base.parameters())
    assert all(part.training for part in (model.refine, model.judge_refine))
    model.begin("base")
    assert all(part.training for part in model.base.modules())
    assert all(parameter.requires_grad for parameter in model.base.parameters())


@pytest.mark.parametrize("feed_back", [False, True])
def test_feed_back_gives_each_step_what_the_one_before_said(feed_back: bool) -> None:
    model: Model = made("rnngan", feed_back=feed_back, width=1).eval()
    heard: list[Tensor] = []
    said: list[Tensor] = []

    def listen(_: nn.Module, given: tuple[Tensor, ...], answer: tuple[Tensor, Any]) -> None:
        heard.append(given[0])
        said.append(answer[0])

    model.draw.recurrence.register_forward_hook(listen)
    with torch.no_grad():
        model.predict("train", torch.linspace(-1, 1, 3 * 64 * 64).reshape(1, 3, 64, 64))
    into, out = torch.cat(heard, dim=1), torch.cat(said, dim=1)
    assert into.shape == out.shape == (1, 32, 8)
    assert torch.equal(into[:, 1:], out[:, :-1] if feed_back else into[:, :1].expand(-1, 31, -1))
    assert not torch.equal(into[:, 0], out[:, 0])


@pytest.mark.parametrize("stage", ["base", "refine"])
def test_batch_norm_by_the_batch_draws_as_the_published_code_does(stage: str) -> None:
    model: Model = made("mdgan", batch_norm="batch", width=2).eval()
    firsts = torch.linspace(-1, 1, 3 * 3 * 64 * 64).reshape(3, 3, 64, 64).sin()
    before = {key: value.clone() for key, value in model.state_dict().items()}
    with torch.no_grad():
        together, alone = model.predict(stage, firsts), model.predict(stage, firsts[:1])
        assert all(torch.equal(value, before[key]) for key, value in model.state_dict().items())
        as_published = model.train().predict(stage, firsts)
    assert torch.allclose(together, as_published, atol=1e-6)
    assert not torch.allclose(together[:1], alone, atol=1e-3)
    assert "depends on the others" in model.caveats[0] and made("mdgan", width=1).caveats == ()


def test_init_std_is_that_of_every_convolution() -> None:
    model = made("mdgan", width=8, init_std=0.05)
    for network in model.children():
        for layer in network.modules():
            if isinstance(layer, nn.Conv3d | nn.ConvTranspose3d) and layer.weight.numel() > 4000:
                assert layer.weight.std().item() == pytest.approx(0.05, rel=0.1)
