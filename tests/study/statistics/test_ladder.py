"""Bradley and Terry: against another solver, a logit and pencil; and where there is no strength."""

from __future__ import annotations

from math import log

import choix
import numpy as np
import pytest
import statsmodels.api as sm

from skyscene.study.statistics.clustered import two_way
from skyscene.study.statistics.ladder import Comparisons, ladder, ladder_intervals
from skyscene.study.statistics.share import Votes

MODELS = ["real", "mdgan", "vgan", "copy"]
WINS = np.array([[0, 84, 95, 99], [16, 0, 92, 90], [5, 8, 0, 61], [1, 10, 39, 0]], float)


def strengths(wins: np.ndarray, anchor: str = "real") -> list[float | None]:
    return [rung.strength for rung in ladder(MODELS[: len(wins)], wins, anchor).rungs]


def test_against_another_solver() -> None:
    data = [(i, j) for i in range(4) for j in range(4) for _ in range(int(WINS[i, j]))]
    other = choix.opt_pairwise(4, data, alpha=0.0, tol=1e-10)
    assert strengths(WINS) == pytest.approx(list(other - other[0]), abs=1e-4)


def test_against_a_logit_without_intercept() -> None:
    pairs = [(i, j) for i in range(4) for j in range(i)]
    counts = np.array([[WINS[i, j], WINS[j, i]] for i, j in pairs])
    design = np.array([[(k == i) - (k == j) for k in (1, 2, 3)] for i, j in pairs], float)
    fitted = sm.GLM(counts, design, family=sm.families.Binomial()).fit()
    assert strengths(WINS) == pytest.approx([0.0, *fitted.params], abs=1e-6)


def test_two_models_have_their_log_odds_and_ties_are_halves() -> None:
    assert strengths(np.array([[0.0, 99.0], [1.0, 0.0]])) == pytest.approx([0.0, -log(99)])  # 4.6 apart
    assert strengths(np.array([[0.0, 7.5], [2.5, 0.0]])) == pytest.approx([0.0, -log(3)])


def test_the_anchor_only_shifts() -> None:
    one, other = strengths(WINS), strengths(WINS, "vgan")
    assert other[2] == 0.0
    assert np.ptp(np.subtract(one, other)) == pytest.approx(0, abs=1e-6)  # type: ignore[arg-type]


def test_what_a_model_plays_against_itself_is_nothing() -> None:
    assert strengths(WINS + 50 * np.eye(4)) == pytest.approx(strengths(WINS))


@pytest.mark.parametrize(
    ("row", "column", "why"), [(0.0, 1.0, "never won"), (1.0, 0.0, "never lost"), (0.0, 0.0, "no votes")]
)
def test_no_finite_strength(row: float, column: float, why: str) -> None:
    wins = WINS.copy()
    wins[3] *= row
    wins[:, 3] *= column
    found = ladder(MODELS, wins, "real").rungs
    assert found[3].strength is None and why in found[3].why
    assert [rung.strength for rung in found[:3]] == pytest.approx(strengths(WINS[:3, :3]))


def test_only_the_part_of_the_anchor() -> None:
    """Two pairs of models that have beaten each other, and one pair has never beaten the other."""
    wins = np.zeros((4, 4))
    wins[0, 1], wins[1, 0], wins[2, 3], wins[3, 2] = 6, 3, 8, 2
    wins[:2, 2:] = 5
    found = ladder(MODELS, wins, "copy").rungs
    assert [rung.strength for rung in found] == [None, None, pytest.approx(log(4)), 0.0]
    assert {found[0].why, found[1].why} == {"not estimable: wins do not lead from it to copy and back"}
    alone = ladder(MODELS, np.zeros((4, 4)), "copy").rungs
    assert [rung.strength for rung in alone] == [None, None, None, 0.0]


def test_what_is_no_table() -> None:
    with pytest.raises(ValueError, match="must be one of the models"):
        ladder(MODELS, WINS, "gan")
    with pytest.raises(ValueError, match="counts is needed"):
        ladder(MODELS, WINS[:3], "real")
    with pytest.raises(ValueError, match="counts is needed"):
        ladder(MODELS, -WINS, "real")


def made(raters: int = 12, clips: int = 20, seed: int = 0) -> Comparisons:
    """Each rater sees each clip of three pairs; the raters' tastes differ."""
    rng = np.random.default_rng(seed)
    first, second, rater, clip = (
        part.ravel()
        for part in np.meshgrid([0], [1, 2, 3], np.arange(raters), np.arange(clips), indexing="ij")
    )
    taste = rng.normal(1.0, 0.8, raters)[rater]
    wins = (rng.random(len(first)) < 1 / (1 + np.exp(-taste))).astype(float)
    return Comparisons(first, second, wins, rater, clip)


def test_intervals_hold_the_estimate_and_repeat_with_their_seed() -> None:
    votes = made()
    spans = ladder_intervals(MODELS, votes, "real", draws=200, seed=3)
    assert spans == ladder_intervals(MODELS, votes, "real", draws=200, seed=3)
    assert spans != ladder_intervals(MODELS, votes, "real", draws=200, seed=4)
    assert (spans[0].low, spans[0].high) == (0.0, 0.0)
    for rung, span in list(zip(ladder(MODELS, votes.table(4), "real").rungs, spans, strict=True))[1:]:
        assert span.low is not None and span.high is not None and rung.strength is not None
        assert span.low < rung.strength < span.high
        assert (span.not_estimable, span.draws) == (0, 200)


def test_raters_are_drawn_not_votes() -> None:
    """Raters of a mind: as wide as the two-way interval of the same votes, far wider than of single votes."""
    rater, clip = np.divmod(np.arange(400), 20)
    wins = (rater % 3 > 0).astype(float)
    votes = Comparisons(np.zeros(400, int), np.ones(400, int), wins, rater, clip)
    span = ladder_intervals(["a", "b"], votes, "b", draws=400)[0]
    alone = two_way(Votes(wins, rater, clip))
    assert span.low is not None and span.high is not None and alone.standard_error is not None
    width = 2 * 1.96 * alone.standard_error
    assert 0.75 * width < span.high - span.low < 1.5 * width
    lone = Comparisons(votes.first, votes.second, wins, np.arange(400), np.arange(400))
    narrow = ladder_intervals(["a", "b"], lone, "b", draws=100)[0]
    assert narrow.low is not None and narrow.high is not None
    assert narrow.high - narrow.low < 0.5 * (span.high - span.low)


def test_clips_are_drawn_too() -> None:
    rater, clip = np.divmod(np.arange(400), 20)
    votes = Comparisons(np.zeros(400, int), np.ones(400, int), (clip % 3 > 0).astype(float), rater, clip)
    turned = Comparisons(votes.first, votes.second, votes.wins, clip, rater)
    spans = [ladder_intervals(["a", "b"], v, "b", draws=300)[0] for v in (votes, turned)]
    widths = [s.high - s.low for s in spans if s.low is not None and s.high is not None]
    assert widths[0] == pytest.approx(widths[1], rel=0.25) and widths[0] > 1.0


def test_resamples_without_a_strength_are_counted() -> None:
    """One lucky vote of one rater: gone from about a third of the resamples of raters, and of clips again."""
    votes = made()
    wins = votes.wins.copy()
    wins[votes.second == 3] = 1.0
    wins[np.flatnonzero(votes.second == 3)[0]] = 0.0
    spans = ladder_intervals(
        MODELS, Comparisons(votes.first, votes.second, wins, votes.raters, votes.clips), "real", 300
    )
    gone = 1 - (1 - (11 / 12) ** 12) * (1 - (19 / 20) ** 20)
    assert spans[3].not_estimable / 300 == pytest.approx(gone, abs=0.09)
    assert spans[3].low is None and "too many resamples" in spans[3].why
    assert spans[1].low is not None and spans[1].not_estimable == 0
