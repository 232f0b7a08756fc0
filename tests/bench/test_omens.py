"""What goes wrong slowly in a training is said, once, and what goes right is not."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from skyscene.bench.omens import Omens


def said(looks: Iterable[dict[str, float]]) -> list[str]:
    omens = Omens(every=10)
    return [text for values in looks for text in omens.look(values)]


def test_a_loss_that_runs_away_is_said_once() -> None:
    looks = [
        {"discriminator/adversarial": 1.2, "discriminator/rank": -10.0 * 1.1**k, "generator/content": 0.4}
        for k in range(60)
    ]
    (text,) = said(looks)
    assert text.startswith("discriminator/rank has grown from 12.1 to 1")
    assert "a loss that runs away, or a rate that is too high" in text


@pytest.mark.parametrize(
    "looks",
    [
        [{"generator/content": 1.1**-k} for k in range(100)],
        [{"generator/adversarial": 0.01 * (1 + k), "generator/content": 3.0} for k in range(100)],
        [{"discriminator/adversarial": 50.0 if k == 40 else 1.0} for k in range(100)],
        [{"generator/content": 100.0, "discriminator/adversarial": 1.0} for _ in range(100)],
    ],
    ids=["falls", "grows beside a larger one", "one jump", "always large"],
)
def test_what_is_no_omen(looks: list[dict[str, float]]) -> None:
    assert said(looks) == []


def test_a_discriminator_in_doubt_now_and_then_is_alive() -> None:
    sure = {"discriminator/says_real": 1.0, "discriminator/says_drawn": 0.0}
    doubting = {"discriminator/says_real": 0.6, "discriminator/says_drawn": 0.4}
    assert said([*[sure] * 19, doubting] * 5) == []
    assert said([sure] * 60) == [
        "the discriminator has been sure of every clip for 200 steps: the generator learns little from it"
    ]
