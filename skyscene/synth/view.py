"""The camera's view: which point of a flat cloud deck each pixel looks at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from skyscene.synth.noise import Plane

HAZE_DEPTH = 0.16
"""Keeps the deck finite at the horizon, as the curve of the earth does; a share of the picture's height."""
FIELD_OF_VIEW = 48.0
"""Degrees from the bottom to the top of the picture."""


@dataclass(frozen=True, slots=True)
class View:
    """A still camera that looks level at the horizon.

    Attributes:
        width: Width of the picture in pixels.
        height: Height of the picture in pixels.
        horizon: Row of the horizon as a share of the height, from the top; 0.75 leaves 3/4 for the sky.
        rows: Rows from the top down to which the sky can be seen at all.
    """

    width: int
    height: int
    horizon: float
    rows: int

    @property
    def fixed_row(self) -> float:
        """The row below the horizon to which the deck shrinks; higher decks are scaled away from it."""
        return (self.horizon + HAZE_DEPTH) * self.height

    def rise(self) -> Plane:
        """How far each of ``rows`` is above the horizon as a share of the height; never negative."""
        rows = np.arange(self.rows, dtype=np.float32) + 0.5
        return np.maximum(self.horizon - rows / self.height, 0).astype(np.float32)

    def depth(self) -> Plane:
        """Distance of the deck at each of ``rows``, in units of the deck's height."""
        return (1.0 / (self.rise() + HAZE_DEPTH)).astype(np.float32)

    def lateral(self) -> Plane:
        """Sideways slope of each column: times the depth it is the position on the deck."""
        columns = np.arange(self.width, dtype=np.float32) + 0.5
        return ((columns - self.width / 2) / self.height).astype(np.float32)

    def footprint(self) -> Plane:
        """Length on the deck that one pixel of each of ``rows`` covers, the longer way."""
        return (self.depth() ** 2 / self.height).astype(np.float32)

    def row_of(self, elevation: float) -> float:
        """The row in pixels at ``elevation`` degrees above the horizon; negative above the picture.

        >>> View(640, 360, 0.75, 270).row_of(24.0)
        90.0
        """
        return self.height * (self.horizon - elevation / FIELD_OF_VIEW)
