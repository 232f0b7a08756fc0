"""Stillness: nothing moves, or the frames are held."""

from __future__ import annotations

import numpy as np
from pydantic import Field

from skyscene.recipes import Component
from skyscene.records import Frames, Interval, Verdict


class Static(Component):
    """Rejects a window in which hardly a pixel changes, whatever the exposure does.

    The score is the median over the window of the luma difference to the frame ``lag`` before that the most
    moving hundredth of the pixels exceeds, in levels. It is 0 where too many frames repeat the one before.

    Attributes:
        lag: The measure's ``lag``, in frames; frames nearer to the scene's start than that do not count.
        min_change: Least score.
        held: Largest mean difference to the frame before of a repeated frame, in levels.
        max_held: Largest share of repeated frames.
    """

    lag: int = Field(ge=1)
    min_change: float = Field(gt=0)
    held: float = Field(ge=0)
    max_held: float = Field(gt=0, le=1)

    def judge(self, frames: Frames, interval: Interval) -> Verdict:
        """The verdict; a window too short to compare passes on its repeated frames alone."""
        inside = Interval(max(interval.start, frames.start + 1), max(interval.stop, frames.start + 1))
        held = float(np.mean(frames.of("change_mad", inside) <= self.held)) if inside.length else 1.0
        if held > self.max_held:
            return Verdict(self.name, 0.0, self.min_change, f"{held:.0%} of the frames repeat the one before")
        start = max(interval.start, frames.start + self.lag)
        if start >= interval.stop:
            return Verdict(self.name, self.min_change, self.min_change)
        score = float(np.median(frames.of("change_lag_p99", Interval(start, interval.stop))))
        moves = score >= self.min_change
        reason = None if moves else f"nothing moves: {score:.0f} levels in {self.lag} frames"
        return Verdict(self.name, score, self.min_change, reason)
