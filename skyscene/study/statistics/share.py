"""Votes on one pair of models, and the share of them that one model has won."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Share:
    """How many votes the first model of a pair has won.

    Attributes:
        wins: Votes for it, a tie counting as half a win.
        votes: All votes, at least one.

    Raises:
        ValueError: There is no vote, or more wins than votes.
    """

    wins: float
    votes: int

    def __post_init__(self) -> None:
        if self.votes < 1 or not 0 <= self.wins <= self.votes:
            raise ValueError(f"{self.wins} wins of {self.votes} votes are no share")

    @property
    def pos(self) -> float:
        """The preference opinion score of MD-GAN, 0 to 100: above 50 the first model is preferred.

        >>> Share(91.5, 100).pos
        91.5
        """
        return 100 * self.wins / self.votes


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """Votes on one pair of models, one entry a vote.

    Attributes:
        wins: 1 where the first model was preferred, 0 where the second, 0.5 for a tie.
        raters: Who voted, any whole numbers.
        clips: On which clip (or source), any whole numbers.

    Raises:
        ValueError: The three differ in length, or a vote is outside 0..1.
    """

    wins: Floats
    raters: Codes
    clips: Codes

    def __post_init__(self) -> None:
        if self.wins.ndim != 1 or not self.wins.shape == self.raters.shape == self.clips.shape:
            shapes = self.wins.shape, self.raters.shape, self.clips.shape
            raise ValueError(f"wins, raters and clips need one entry a vote, not {shapes}")
        if not ((self.wins >= 0) & (self.wins <= 1)).all():
            raise ValueError("a vote is 1, 0.5 or 0")

    @property
    def share(self) -> Share:
        """What the first model has won; ValueError where there is no vote."""
        return Share(float(self.wins.sum()), len(self.wins))

    def mirrored(self) -> Votes:
        """The same votes seen from the second model.

        >>> Votes(np.array([1.0, 0.5]), np.array([0, 1]), np.array([0, 0])).mirrored().wins.tolist()
        [0.0, 0.5]
        """
        return Votes(1 - self.wins, self.raters, self.clips)
