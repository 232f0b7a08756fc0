"""Options of the models: what is refused in a line, and what a preset changes."""

from __future__ import annotations

import pytest
import torch

from skyscene.bench.facts import networks
from skyscene.bench.recipe import load_model
from skyscene.errors import RecipeError
from skyscene.recipes import import_target


@pytest.mark.parametrize(
    ("name", "size", "override", "said"),
    [
        ("mdgan", 96, "", "size = 96: MD-GAN has networks for 128 and for 64 pixels"),
        ("vgan", 128, "", "size = 128: VGAN has networks for 64 pixels"),
        ("rnngan", 128, "", "size = 128: RNN-GAN has networks for 64 pixels"),
        ("mdgan", 64, "model.frozen_base='still'", "model.frozen_base = 'still': eval or train"),
        ("vgan", 64, "model.encoder='txt'", "model.encoder = 'txt': code or paper"),
    ],
)
def test_an_option_that_there_is_not(name: str, size: int, override: str, said: str) -> None:
    recipe = load_model(name, overrides=[override] if override else [])
    with pytest.raises(RecipeError) as caught, torch.device("meta"):
        import_target(recipe.target, "model")(size=size, **recipe.parameters)
    assert said in str(caught.value)


def test_vgan_as_its_text_has_it() -> None:
    recipe = load_model("vgan", preset="paper-text")
    with torch.device("meta"):
        model = import_target(recipe.target, "model")(size=64, **recipe.parameters)
    assert networks(model) == {"draw": 19_823_019, "judge": 11_057_858}
