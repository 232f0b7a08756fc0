"""Three models or more on one scale: Bradley and Terry's strengths, with real video as one of the models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import choix
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from skyscene.study.statistics.share import Codes, Floats

_MOST_ROUNDS = 10_000


@dataclass(frozen=True, slots=True)
class Rung:
    """One model of a ladder.

    Attributes:
        model: Its name.
        strength: Log odds of a win over the anchor; None where `why` says so.
        why: Empty where there is a strength.
    """

    model: str
    strength: float | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Ladder:
    """Strengths on one scale: strength a less strength b is the log odds that a wins over b.

    Attributes:
        anchor: The model at 0.
        rungs: All models, in the order given.
    """

    anchor: str
    rungs: tuple[Rung, ...]


def ladder(models: Sequence[str], wins: Floats, anchor: str) -> Ladder:
    """Maximum-likelihood strengths of Bradley and Terry (1952), without any penalty.

    They are finite only among models that each lead to each other over wins (a strongly connected graph).
    Only the part that holds the anchor is estimated; a number for the others would be a penalty's, not the
    votes'.

    Args:
        models: Their names.
        wins: (models, models): how often the row's model won over the column's, a tie half to either.
        anchor: Name of the model at 0, real video where it takes part.

    Raises:
        ValueError: The anchor is none of the models, or wins has another shape or negative entries.

    >>> votes = np.array([[0.0, 8.0, 5.0], [2.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    >>> for rung in ladder(["real", "a", "b"], votes, "real").rungs:
    ...     print(rung.model, rung.strength if rung.strength is None else round(rung.strength, 3), rung.why)
    real 0.0
    a -1.386
    b None not estimable: it never won
    """
    at = _anchor_place(models, wins, anchor)
    strengths = _strengths(wins, at)
    rungs = (
        Rung(name, float(found)) if np.isfinite(found) else Rung(name, None, _why_not(wins, k, anchor))
        for k, (name, found) in enumerate(zip(models, strengths, strict=True))
    )
    return Ladder(anchor, tuple(rungs))


def _anchor_place(models: Sequence[str], wins: Floats, anchor: str) -> int:
    if anchor not in models or len(set(models)) < len(models):
        raise ValueError(
            f"the anchor {anchor!r} must be one of the models, each named once: {', '.join(models)}"
        )
    if wins.shape != (len(models), len(models)) or not (wins >= 0).all():
        raise ValueError(f"a table of {len(models)} times {len(models)} counts is needed, not {wins.shape}")
    return list(models).index(anchor)


def _strengths(wins: Floats, anchor: int) -> Floats:
    """Strengths with the anchor at 0, NaN outside its strongly connected part."""
    found = np.full(len(wins), np.nan)
    labels = connected_components(csr_array(wins > 0), directed=True, connection="strong")[1]
    part = np.flatnonzero(labels == labels[anchor])
    inside = wins[np.ix_(part, part)].astype(np.float64)
    found[part] = choix.ilsr_pairwise_dense(inside, max_iter=_MOST_ROUNDS) if len(part) > 1 else 0.0
    return np.asarray(found - found[anchor])


def _why_not(wins: Floats, model: int, anchor: str) -> str:
    others = np.arange(len(wins)) != model
    won, lost = wins[model][others].any(), wins[others, model].any()
    if not won and not lost:
        return "not estimable: no votes"
    if not won or not lost:
        return f"not estimable: it never {'lost' if won else 'won'}"
    return f"not estimable: wins do not lead from it to {anchor} and back"


@dataclass(frozen=True, slots=True, eq=False)
class Comparisons:
    """Votes on several pairs of models, one entry a vote.

    Attributes:
        first: The first model of the pair, its place among the models.
        second: The second.
        wins: 1 where the first was preferred, 0 where the second, 0.5 for a tie.
        raters: Who voted, any whole numbers.
        clips: On which clip, any whole numbers.
    """

    first: Codes
    second: Codes
    wins: Floats
    raters: Codes
    clips: Codes

    def table(self, models: int, times: Floats | None = None) -> Floats:
        """Wins of the row's model over the column's, each vote once or as often as `times` says.

        >>> one = np.array([0])
        >>> Comparisons(one, one + 1, np.array([0.5]), one, one).table(2).tolist()
        [[0.0, 0.5], [0.5, 0.0]]
        """
        times = np.ones(len(self.wins)) if times is None else times
        cells = np.concatenate([self.first * models + self.second, self.second * models + self.first])
        weights = np.concatenate([times * self.wins, times * (1 - self.wins)])
        sums = np.bincount(cells, weights=weights, minlength=models**2)
        return sums.astype(np.float64).reshape(models, models)


@dataclass(frozen=True, slots=True)
class Span:
    """The 95 % interval of a model's strength.

    Attributes:
        model: Its name.
        low: Lower end, log odds over the anchor; None where `why` says so.
        high: Upper end.
        not_estimable: In how many resamples it had no finite strength.
        draws: Of how many.
        why: Empty where there are ends.
    """

    model: str
    low: float | None
    high: float | None
    not_estimable: int
    draws: int
    why: str = ""


def ladder_intervals(
    models: Sequence[str], votes: Comparisons, anchor: str, draws: int = 1000, seed: int = 0
) -> tuple[Span, ...]:
    """Percentile intervals of strengths, by drawing raters and clips, not votes, again and again.

    A vote counts as often as its rater times as often as its clip was drawn. That is wide rather than narrow:
    for one pair it covered 97 to 99 % in simulation. Resamples without a finite strength are left out and
    counted; where they are more than 2.5 % the end of the interval lies among them, and none is given.

    Args:
        models: Their names.
        votes: On any pairs of them.
        anchor: The model at 0.
        draws: How many resamples.
        seed: Of the draws.

    Raises:
        ValueError: As of `ladder`.
    """
    at = _anchor_place(models, votes.table(len(models)), anchor)
    rng = np.random.default_rng(seed)
    raters, clips = (np.unique(codes, return_inverse=True) for codes in (votes.raters, votes.clips))
    found = np.full((draws, len(models)), np.nan)
    for strengths in found:
        rater_times, clip_times = (
            np.bincount(rng.integers(len(names), size=len(names)), minlength=len(names))
            for names in (raters[0], clips[0])
        )
        times = (rater_times[raters[1]] * clip_times[clips[1]]).astype(np.float64)
        strengths[:] = _strengths(votes.table(len(models), times), at)
    return tuple(_span(name, column) for name, column in zip(models, found.T, strict=True))


def _span(model: str, drawn: Floats) -> Span:
    finite = drawn[np.isfinite(drawn)]
    lost = len(drawn) - len(finite)
    if lost > 0.025 * len(drawn) or not len(finite):
        return Span(model, None, None, lost, len(drawn), "not estimable in too many resamples")
    low, high = np.quantile(finite, [0.025, 0.975])
    return Span(model, float(low), float(high), lost, len(drawn))
