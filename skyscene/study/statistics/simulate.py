"""Studies with raters of known preference: does the headline interval hold what it promises?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot

import numpy as np
import numpy.typing as npt
from scipy.special import expit
from statsmodels.stats.proportion import proportion_confint

from skyscene.study.statistics.clustered import headline, sandwich
from skyscene.study.statistics.population import mean_share
from skyscene.study.statistics.proportion import wilson
from skyscene.study.statistics.share import Codes, Floats, Votes

Flags = npt.NDArray[np.bool_]
_ENOUGH = 2000
_AT_ONCE = 300_000  # votes held in memory


@dataclass(frozen=True, slots=True)
class Design:
    """A study and its raters; all effects are on the logit scale.

    Attributes:
        name: For print.
        raters: How many, dealt out in turn: loads differ by one at most.
        clips: How many.
        votes_per_clip: By different raters, from 1 to all of them.
        rater_sd: Standard deviation of raters' tastes, normal.
        clip_sd: Of clips, normal.
        preference: For the first model; 0 is none.
        laziness: Chance, 0..1, that a rater clicks without looking, in all votes.
        left_bias: Added to the side on the left, for all raters, lazy ones too.

    Raises:
        ValueError: More votes a clip than raters, or a laziness that is no chance.
    """

    name: str
    raters: int
    clips: int
    votes_per_clip: int
    rater_sd: float
    clip_sd: float
    preference: float
    laziness: float = 0.0
    left_bias: float = 0.0

    def __post_init__(self) -> None:
        if not 1 <= self.votes_per_clip <= self.raters or not 0 <= self.laziness <= 1:
            raise ValueError(
                f"{self.name}: 1 to {self.raters} votes a clip and a laziness of 0 to 1 are needed"
            )

    @property
    def votes(self) -> int:
        """Votes of one study."""
        return self.clips * self.votes_per_clip

    @property
    def true_pos(self) -> float:
        """The POS over all raters and clips there could be, each side as often; by numerical integration.

        >>> round(DESIGNS[1].true_pos, 2)
        57.91
        """
        sd = hypot(self.rater_sd, self.clip_sd)
        looking = (
            sum(mean_share(self.preference + bias, sd) for bias in (-self.left_bias, self.left_bias)) / 2
        )
        return 100 * ((1 - self.laziness) * looking + self.laziness / 2)


# A POS of about 59, where intervals are nearly as wide as they can be.
DESIGNS = (
    Design("one vote a clip", 10, 100, 1, 0.3, 0.5, preference=0.4),
    Design("every rater sees every clip", 30, 100, 30, 0.5, 1.0, preference=0.4),
    Design("five votes a clip", 30, 100, 5, 0.5, 1.0, preference=0.4),
    Design("five raters see every clip", 5, 100, 5, 0.5, 1.0, preference=0.4),
)
"""MD-GAN-like, DTVNet-like, the default of SkyScene, and a study with few raters."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Answers of simulated raters, one entry a vote, or (studies, votes).

    Attributes:
        raters: From 0.
        clips: From 0.
        first_left: Whether the first model was shown on the left.
        chose_left: Whether the left side was chosen.
    """

    raters: Codes
    clips: Codes
    first_left: Flags
    chose_left: Flags

    @property
    def wins(self) -> Floats:
        """1.0 where the first model was chosen, else 0.0."""
        return np.asarray(self.first_left == self.chose_left, np.float64)

    @property
    def votes(self) -> Votes:
        """As the statistics take them, of one study."""
        return Votes(self.wins, self.raters, self.clips)


def draw_votes(design: Design, rng: np.random.Generator) -> Drawn:
    """The answers of one study; as many with the first model on the left as on the right (or one more).

    >>> drawn = draw_votes(DESIGNS[0], np.random.default_rng(0))
    >>> len(drawn.wins), int(drawn.first_left.sum())
    (100, 50)
    """
    many = _draw(design, rng, 1)
    return Drawn(many.raters[0], many.clips[0], many.first_left[0], many.chose_left[0])


def _draw(design: Design, rng: np.random.Generator, studies: int) -> Drawn:
    shape = studies, design.votes
    # Clips and raters have their effects by chance, so that an order by chance would add nothing.
    raters = np.broadcast_to(np.arange(design.votes) % design.raters, shape)
    clips = np.broadcast_to(np.arange(design.votes) // design.votes_per_clip, shape)
    tastes = rng.normal(0, design.rater_sd, (studies, design.raters))
    lures = rng.normal(0, design.clip_sd, (studies, design.clips))
    lazy = rng.random((studies, design.raters)) < design.laziness
    first_left = rng.permuted(np.broadcast_to(np.arange(design.votes) % 2 == 0, shape), axis=1)
    seen = design.preference + np.take_along_axis(tastes, raters, 1) + np.take_along_axis(lures, clips, 1)
    seen[np.take_along_axis(lazy, raters, 1)] = 0.0
    leaning = np.where(first_left, seen, -seen) + design.left_bias
    return Drawn(raters, clips, first_left, rng.random(shape) < expit(leaning))


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often the headline interval held the truth.

    Attributes:
        covered: Studies whose interval holds the true POS.
        studies: How many were simulated.
        lower95: Lower 95 % bound of the share, one-sided, by Clopper and Pearson; in percent.
        mean_width: Of the headline intervals, in POS points.
        wilson_covered: Studies whose Wilson interval holds it, which takes votes as independent.
        undefined: Studies without a two-way interval, whose headline is another.
    """

    covered: int
    studies: int
    lower95: float
    mean_width: float
    wilson_covered: int
    undefined: int

    @property
    def share(self) -> float:
        """Percent of studies covered."""
        return 100 * self.covered / self.studies

    @property
    def verdict(self) -> str:
        """'missed' unless the lower bound reaches 93 %; 'conservative' where more than 97 % are covered."""
        if self.lower95 < 93:
            return "missed" if self.studies >= _ENOUGH else f"not shown by under {_ENOUGH:,} studies"
        return "conservative" if self.share > 97 else "at least 93 %"


def coverage(design: Design, studies: int, seed: int) -> Coverage:
    """Simulates studies and counts the intervals that hold the true POS.

    Args:
        design: What is simulated.
        studies: How many, at least one; 2,000 tell 95 % from 93 %.
        seed: Of everything.

    Raises:
        ValueError: No study is asked for.

    >>> found = coverage(DESIGNS[0], studies=20, seed=1)
    >>> found.covered, found.verdict  # 20 of 20 is no proof
    (20, 'not shown by under 2,000 studies')
    """
    if studies < 1:
        raise ValueError("at least one study is needed")
    truth, rng = design.true_pos, np.random.default_rng(seed)
    covered = wilson_covered = undefined = 0
    widths = 0.0
    for count in _portions(studies, max(1, _AT_ONCE // design.votes)):
        drawn = _draw(design, rng, count)
        low, high, fallbacks = _headlines(drawn)
        covered += int(((low <= truth) & (truth <= high)).sum())
        widths += float((high - low).sum())
        undefined += fallbacks
        wilson_covered += sum(_wilson_holds(row, truth) for row in drawn.wins)
    lower = float(proportion_confint(covered, studies, alpha=0.1, method="beta")[0])
    return Coverage(covered, studies, 100 * lower, widths / studies, wilson_covered, undefined)


def _portions(studies: int, most: int) -> Iterator[int]:
    for start in range(0, studies, most):
        yield min(most, studies - start)


def _headlines(drawn: Drawn) -> tuple[Floats, Floats, int]:
    """Ends of the headline intervals, and how many are not the two-way one."""
    wins = drawn.wins
    low, high = sandwich(wins, drawn.raters, drawn.clips).ends()
    undefined = np.flatnonzero(np.isnan(low))
    for k in undefined:
        other = headline(Votes(wins[k], drawn.raters[k], drawn.clips[k]))
        low[k], high[k] = other.low, other.high
    return low, high, len(undefined)


def _wilson_holds(wins: Floats, truth: float) -> bool:
    found = wilson(float(wins.sum()), len(wins))
    return found.low <= truth <= found.high
