"""Fades from and to black or white."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from pydantic import Field

from skyscene.recipes import Component
from skyscene.records import Frames, Interval, Transition

Levels = npt.NDArray[np.float32]

BLACK, WHITE = 16.0, 235.0


class Fade(Component):
    """Finds steady ramps of the mean luma that begin or end in an empty frame.

    An evening reaches black too, but so slowly at its end that no frame's step is ``step`` levels.
    The score is the height of the ramp in levels.

    Attributes:
        empty: Largest distance of an empty frame's mean luma from black or white, in levels.
        step: Least change of the mean luma in one frame of a fade, in levels.
        steady: The same, as a share of the fade's largest step.
        height: Least height of the whole ramp, in levels.
        longest: Most frames of a fade.
    """

    empty: float = Field(gt=0)
    step: float = Field(gt=0)
    steady: float = Field(gt=0, lt=1)
    height: float = Field(gt=0)
    longest: int = Field(ge=2)

    def detect(self, frames: Frames) -> Sequence[Transition]:
        """One interval a fade, over every frame that is neither whole nor empty."""
        mean = frames["luma_mean"].astype(np.float32)
        found: list[Transition] = []
        for light in (mean - BLACK, WHITE - mean):
            for first, stop in self._ramps(light):
                found.append(self._transition(light, first, stop, frames.start))
            for first, stop in self._ramps(light[::-1]):
                found.append(self._transition(light, len(light) - stop, len(light) - first, frames.start))
        return sorted(found)

    def _transition(self, light: Levels, first: int, stop: int, offset: int) -> Transition:
        height = float(np.ptp(light[first:stop]))
        return Transition(Interval(first + offset, stop + offset), "fade", height, self.name)

    def _ramps(self, light: Levels) -> Iterator[tuple[int, int]]:
        """Rows of each fall of ``light`` to an empty frame, with the frame on either side of it."""
        empty = light <= self.empty
        for stop in np.flatnonzero(empty[1:] & ~empty[:-1]) + 1:
            first = self._top(light, int(stop))
            last = int(stop)
            while last + 1 < len(light) and light[last] - light[last + 1] >= self.step:
                last += 1
            if 2 <= stop - first <= self.longest and light[first] - light[stop] >= self.height:
                yield max(first - 1, 0), min(last + 1, len(light))

    def _top(self, light: Levels, at: int) -> int:
        """The first row of the steady fall that ends at row ``at``."""
        largest = 0.0
        while at > 0:
            step = float(light[at - 1] - light[at])
            largest = max(largest, step)
            if step < max(self.step, self.steady * largest):
                break
            at -= 1
        return at
