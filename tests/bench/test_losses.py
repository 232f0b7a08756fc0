"""What each player of each model descends, worked out by hand: value, sign, weight and slope.

The networks are replaced by ones of a single weight: a generator multiplies what it is given by it and lets
the clip darken, a discriminator weighs the brightness. What is left is what the models' own code does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import repeat
from statistics import fmean
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from skyscene.bench.model import Model, Turn
from skyscene.bench.recipe import load_model
from skyscene.nets.mdgan_discriminator import Judged
from skyscene.nets.vgan_generator import Streams
from skyscene.recipes import import_target

_TIMES = [t / 64 for t in range(32)]
_EDGE = 0.05
_FIRST, _SECOND = (0.8, 1.0), (0.9, 0.6)
"""Shades of the clips of two batches."""
_BASE = -0.25
"""Weight of the Base-Net while the Refine-Net trains."""
_BEFORE, _AFTER = 1.0, 1.5
"""The discriminator's weight before and after its step."""
_MASK = 0.3


def real(shades: tuple[float, ...]) -> Tensor:
    """Clips of 2 x 2 pixels that brighten, with an edge between their columns."""
    still = torch.tensor(shades)[:, None, None, None, None] + torch.tensor([-_EDGE, _EDGE])
    return (still + torch.tensor(_TIMES)[:, None, None]).expand(-1, 3, -1, 2, -1)


class Shades(nn.Module):
    """Multiplies a picture, or every frame, by its weight, and darkens frame by frame."""

    def __init__(self, weight: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(weight))

    def forward(self, given: Tensor) -> Tensor:
        clip_bcthw = given if given.ndim == 5 else given.unsqueeze(2).expand(-1, -1, 32, -1, -1)
        return self.weight * clip_bcthw - torch.tensor(_TIMES)[:, None, None]


class Masks(Shades):
    """The same as the two streams of VGAN."""

    def forward(self, given: Tensor) -> Any:
        clip_bcthw = super().forward(given)
        return Streams(clip_bcthw, clip_bcthw, given, _MASK * self.weight * torch.ones(2, 1, 32, 2, 2))


class Judges(nn.Module):
    """Weighs the brightness of whatever it is given."""

    def __init__(self, say: Callable[[Tensor, Tensor], Any]) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(_BEFORE))
        self.say = say

    def forward(self, given: Tensor) -> Any:
        return self.say(self.weight * given.flatten(1).mean(1), self.weight * given)


SAYS: dict[str, Callable[[Tensor, Tensor], Any]] = {
    # Features of one row and one column: the brightness of frame 0, whose Gram matrix is its square.
    "mdgan": lambda logit, clip: Judged(logit, (clip[:, :1, :1].mean((3, 4), keepdim=True),) * 2),
    "vgan": lambda logit, _: torch.stack([logit, torch.zeros_like(logit)], dim=1),
    "rnngan": lambda logit, _: logit,
}


def stubbed(name: str, stage: str, options: dict[str, Any]) -> tuple[Model, Shades, Judges]:
    """A model of the recipe's losses, its generator and its discriminator of the stage."""
    recipe = load_model(name)
    with torch.device("meta"):
        model: Model = import_target(recipe.target, "model")(size=64, **{**recipe.parameters, **options})
    judges = Judges(SAYS[name])
    if name == "mdgan":
        draws = Shades(-2.0 if stage == "refine" else 0.5)
        model.base, model.refine = (Shades(_BASE), draws) if stage == "refine" else (draws, nn.Identity())
        model.judge_base = model.judge_refine = judges
    else:
        draws = Masks(0.5) if name == "vgan" else Shades(0.5)
        model.draw, model.judge = draws, judges
    model.begin(stage)
    return model, draws, judges


def softplus(x: float) -> float:
    return math.log1p(math.exp(x))


class ByHand:
    """The losses as the papers have them, from shades alone.

    Args:
        name: The model.
        stage: The stage.
        options: What differs from the recipe.
    """

    def __init__(self, name: str, stage: str, options: dict[str, Any]) -> None:
        # Weights as the papers and reference codes have them, not as the recipe happens to.
        papers: dict[str, dict[str, Any]] = {
            "mdgan": {"lambda_con": 1, "lambda_rank": 1, "rank_ascent": 1, "saturating": False},
            "vgan": {"lambda_first": 10, "lambda_mask": 0, "saturating": False},
            "rnngan": {
                "lambda_mse": 1,
                "lambda_gradient": 1,
                "lambda_adversarial": 0.2,
                "saturating": False,
            },
        }
        self.name, self.stage = name, stage
        self.given: dict[str, Any] = {**papers[name], **options}

    def discriminator(self, judge: float, draw: float, shades: tuple[float, ...]) -> dict[str, float]:
        real_logits = self._logits(judge, [[y + t for t in _TIMES] for y in shades])
        drawn_logits = self._logits(judge, [self._drawn(draw, y) for y in shades])
        losses = {
            "adversarial": fmean(map(softplus, (-x for x in real_logits)))
            + fmean(map(softplus, drawn_logits))
        }
        if self.stage == "refine" and self.given["lambda_rank"] * self.given["rank_ascent"]:
            ascent = self.given["lambda_rank"] * self.given["rank_ascent"]
            losses["rank"] = -ascent * self._rank(judge, draw, shades)
        return losses

    def generator(self, judge: float, draw: float, shades: tuple[float, ...]) -> dict[str, float]:
        logits = self._logits(judge, [self._drawn(draw, y) for y in shades])
        fooled = fmean(-softplus(x) if self.given["saturating"] else softplus(-x) for x in logits)
        far = [y + t - drawn for y in shades for t, drawn in zip(_TIMES, self._drawn(draw, y), strict=True)]
        if self.name == "vgan":
            masked = self.given["lambda_mask"]
            first = {"first": self.given["lambda_first"] * fmean(abs(y - draw * y) for y in shades)}
            mask = {"mask": masked * _MASK * draw} if masked else {}
            return {"adversarial": fooled, **first, **mask}
        if self.name == "rnngan":
            edge = (1 - draw) * _EDGE  # of a picture, what its own edge lacks
            return {
                "adversarial": self.given["lambda_adversarial"] * fooled,
                "content": self.given["lambda_mse"] * (fmean(x**2 for x in far) + edge**2),
                "gradient": self.given["lambda_gradient"] * (2 * edge) ** 2,
            }
        losses = {"adversarial": fooled, "content": self.given["lambda_con"] * fmean(map(abs, far))}
        if self.stage == "refine" and self.given["lambda_rank"]:
            losses["rank"] = self.given["lambda_rank"] * self._rank(judge, draw, shades)
        return losses

    def _drawn(self, draw: float, shade: float) -> list[float]:
        if self.stage == "refine":
            return [draw * (_BASE * shade - t) - t for t in _TIMES]
        return [draw * shade - t for t in _TIMES]

    def _logits(self, judge: float, clips: list[list[float]]) -> list[float]:
        """One a clip; RNN-GAN's one a frame."""
        return [judge * x for clip in clips for x in (clip if self.name == "rnngan" else [fmean(clip)])]

    def _rank(self, judge: float, draw: float, shades: tuple[float, ...]) -> float:
        """Of two layers, whose Gram matrices are squares of the brightness of frame 0."""
        squares = [((draw * _BASE * y) ** 2, y**2, (_BASE * y) ** 2) for y in shades]
        return 2 * fmean(
            softplus(judge**2 * (abs(refined - to_real) - abs(refined - to_base)))
            for refined, to_real, to_base in squares
        )


def agree(turn: Turn, weight: nn.Parameter, by_hand: Callable[[float], dict[str, float]]) -> None:
    """Every loss is there with its value, no other is, and each moves the player as it should."""
    at, little = float(weight.detach()), 1e-4
    wanted, above, below = by_hand(at), by_hand(at + little), by_hand(at - little)
    assert {key: loss.item() for key, loss in turn.losses.items()} == pytest.approx(wanted, rel=1e-4)
    for key, loss in turn.losses.items():
        (slope,) = torch.autograd.grad(loss, weight, retain_graph=True)
        assert slope.item() == pytest.approx((above[key] - below[key]) / (2 * little), rel=1e-3), key
    assert turn.total.item() == pytest.approx(sum(wanted.values()), rel=1e-4)


STAGES = [("mdgan", "base"), ("mdgan", "refine"), ("vgan", "train"), ("rnngan", "train")]
CASES: list[tuple[str, str, dict[str, Any]]] = [
    *((name, stage, {}) for name, stage in STAGES),
    *((name, stage, {"saturating": True}) for name, stage in STAGES if name != "vgan"),
    ("mdgan", "base", {"lambda_con": 7.0}),
    ("mdgan", "refine", {"lambda_con": 7.0, "lambda_rank": 3.0, "rank_ascent": 0.5}),
    ("mdgan", "refine", {"lambda_rank": 0.0}),
    ("mdgan", "refine", {"rank_ascent": 0.0}),
    ("vgan", "train", {"lambda_first": 3.0, "lambda_mask": 0.1}),
    ("rnngan", "train", {"lambda_mse": 2.0, "lambda_gradient": 3.0, "lambda_adversarial": 0.5}),
]


@pytest.mark.parametrize(
    ("name", "stage", "options"),
    CASES,
    ids=["-".join([n, s, *(f"{k}={v}" for k, v in o.items())]) for n, s, o in CASES],
)
def test_both_players_descend_what_the_papers_say(name: str, stage: str, options: dict[str, Any]) -> None:
    model, draws, judges = stubbed(name, stage, options)
    by_hand = ByHand(name, stage, options)
    turns = model.step(stage, repeat(real(_FIRST)))
    at = float(draws.weight.detach())
    turn = next(turns)
    assert turn.player == "discriminator"
    agree(turn, judges.weight, lambda judge: by_hand.discriminator(judge, at, _FIRST))
    judges.weight.data.fill_(_AFTER)  # its step; the generator has to ask it again
    turn = next(turns)
    assert turn.player == "generator"
    agree(turn, draws.weight, lambda draw: by_hand.generator(_AFTER, draw, _FIRST))


def test_the_second_discriminator_ascends_the_ranking_loss_that_its_generator_descends() -> None:
    model, _, _ = stubbed("mdgan", "refine", {"lambda_rank": 3.0, "rank_ascent": 0.5})
    discriminator, generator = model.step("refine", repeat(real(_FIRST)))
    assert discriminator.losses["rank"].item() < 0 < generator.losses["rank"].item()
    assert discriminator.losses["rank"].item() == pytest.approx(-0.5 * generator.losses["rank"].item())


@pytest.mark.parametrize(("name", "stage"), STAGES)
def test_mdgan_draws_a_fresh_batch_for_its_generator_and_the_others_do_not(name: str, stage: str) -> None:
    model, draws, _ = stubbed(name, stage, {})
    by_hand, at = ByHand(name, stage, {}), float(draws.weight.detach())
    batches: Iterator[Tensor] = iter([real(_FIRST), real(_SECOND), real(_FIRST)])
    discriminator, generator = model.step(stage, batches)
    generators = _SECOND if name == "mdgan" else _FIRST
    for turn, wanted in (
        (discriminator, by_hand.discriminator(_BEFORE, at, _FIRST)),
        (generator, by_hand.generator(_BEFORE, at, generators)),
    ):
        assert turn.total.item() == pytest.approx(sum(wanted.values()), rel=1e-4), turn.player
    assert len(list(batches)) == (1 if name == "mdgan" else 2), "left of three"
