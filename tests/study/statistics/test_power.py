"""How many votes and how wide: the published sizes, the library, and what simulation gave."""

from __future__ import annotations

from math import hypot

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import expit
from scipy.stats import binom, norm
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize

from skyscene.study.statistics.population import mean_share, preference_for, spread
from skyscene.study.statistics.power import two_way_width, votes_needed, width
from skyscene.study.statistics.proportion import wilson


@pytest.mark.parametrize(("pos", "votes"), [(55, 783), (60, 194), (65, 85), (70, 47), (80, 19)])
def test_sizes(pos: float, votes: int) -> None:
    assert votes_needed(pos) == votes_needed(100 - pos) == votes


@pytest.mark.parametrize("pos", [52, 63, 90])
@pytest.mark.parametrize("power", [0.5, 0.9])
def test_sizes_against_statsmodels(pos: float, power: float) -> None:
    effect = proportion_effectsize(pos / 100, 0.5)
    exact = NormalIndPower().solve_power(effect, power=power, alpha=0.05, ratio=0)
    assert votes_needed(pos, power) == pytest.approx(exact, abs=1.0)
    assert votes_needed(pos, power) >= exact - 1e-6


@pytest.mark.parametrize("pos", [50, -1, 101])
def test_sizes_without_an_answer(pos: float) -> None:
    with pytest.raises(ValueError, match="cannot be told"):
        votes_needed(pos)


@pytest.mark.parametrize(("n", "pos"), [(100, 60), (500, 60), (100, 92)])
def test_width_is_about_the_mean_over_what_could_be_voted(n: int, pos: float) -> None:
    expected = sum(float(binom.pmf(k, n, pos / 100)) * wilson(k, n).width for k in range(n + 1))
    assert width(n, pos) == pytest.approx(expected, rel=0.02)
    assert width(n) > width(n, pos)


# Mean widths simulated before this was written, with a POS near 60.
SIMULATED = [
    ((10, 100, 1, 0.3, 0.5), 24.5),
    ((30, 100, 30, 0.5, 1.0), 11.2),
    ((30, 100, 5, 0.5, 1.0), 13.4),
    ((5, 100, 5, 0.5, 1.0), 26.4),
]


@pytest.mark.parametrize(("design", "simulated"), SIMULATED)
def test_two_way_width(design: tuple[int, int, int, float, float], simulated: float) -> None:
    assert two_way_width(*design, pos=59) == pytest.approx(simulated, rel=0.10)
    assert two_way_width(*design, pos=41) == pytest.approx(two_way_width(*design, pos=59))


def test_two_way_width_without_effects_is_that_of_independent_votes() -> None:
    assert two_way_width(400, 400, 1, 0.0, 0.0) == pytest.approx(width(400), rel=0.02)
    assert two_way_width(400, 400, 1, 0.0, 0.0, 90) == pytest.approx(width(400, 90), rel=0.02)


@pytest.mark.parametrize("asked", [(1, 10, 1), (10, 1, 1), (10, 10, 0), (10, 10, 11)])
def test_two_way_width_of_no_study(asked: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="at least 2 raters"):
        two_way_width(*asked, 0.5, 1.0)


@pytest.mark.parametrize("sd", [0.0, 0.5, 1.1, 2.0, 3.0])
def test_mean_share_against_another_integration(sd: float) -> None:
    other = quad(lambda z: expit(0.7 + sd * z) * norm.pdf(z), -12, 12, limit=500)[0]
    assert mean_share(0.7, sd) == pytest.approx(other, abs=1e-8)
    assert preference_for(100 * other, sd) == pytest.approx(0.7, abs=1e-6)


def test_spread_against_drawn_raters_and_clips() -> None:
    parts = spread(0.4, 0.8, 1.2)
    rng = np.random.default_rng(0)
    chance = expit(0.4 + rng.normal(0, 0.8, (2000, 1)) + rng.normal(0, 1.2, (1, 2000)))
    assert parts.by_rater == pytest.approx(float(chance.mean(axis=1).var()), rel=0.1)
    assert parts.by_clip == pytest.approx(float(chance.mean(axis=0).var()), rel=0.1)
    assert parts.share == pytest.approx(mean_share(0.4, hypot(0.8, 1.2)))
    assert parts.by_rater + parts.by_clip + parts.rest == pytest.approx(parts.share * (1 - parts.share))


@pytest.mark.parametrize("pos", [0, 100, 130])
def test_no_preference_gives_all_votes(pos: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 100"):
        preference_for(pos, 1.0)
