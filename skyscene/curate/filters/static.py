"""Stillness: nothing moves, or the frames are held."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from pydantic import Field

from skyscene.recipes import Component
from skyscene.records import Curve, Frames, Interval, Scale, Verdict


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

    scale: ClassVar[Scale] = Scale("change of the most moving hundredth of the pixels", "levels", "at least")

    lag: int = Field(ge=1)
    min_change: float = Field(gt=0)
    held: float = Field(ge=0)
    max_held: float = Field(gt=0, le=1)

    def judge(self, frames: Frames, interval: Interval) -> Verdict:
        """The verdict; a window too short to compare passes on its repeated frames alone."""
        inside = Interval(max(interval.start, frames.start + 1), max(interval.stop, frames.start + 1))
        held = float(np.mean(frames.of("change_mad", inside) <= self.held)) if inside.length else 1.0
        if held > self.max_held:
            repeated = f"{100 * held:.0f} % of the frames repeat the one before"
            reason = f"{repeated} ({100 * self.max_held:.0f} % allowed)"
            return Verdict(self.name, 0.0, self.min_change, reason)
        start = max(interval.start, frames.start + self.lag)
        if start >= interval.stop:
            return Verdict(self.name, self.min_change, self.min_change)
        score = float(np.median(frames.of("change_lag_p99", Interval(start, interval.stop))))
        moves = score >= self.min_change
        still = f"nothing moves: {score:.0f} levels in {self.lag} frames ({self.min_change:g} needed)"
        return Verdict(self.name, score, self.min_change, None if moves else still)

    def curves(self, frames: Frames) -> Sequence[Curve]:
        """Slow change and repeated frames."""
        return (
            Curve(
                f"change in {self.lag} frames",
                "levels",
                frames["change_lag_p99"],
                low=0,
                high=10 * self.min_change,
                line=self.min_change,
                meaning=f"What the most moving hundredth of the pixels changes, exposure aside. "
                f"Its median over the window must reach {self.min_change:g}.",
            ),
            Curve(
                "change to the frame before",
                "levels",
                frames["change_mad"],
                low=0,
                high=max(10.0, 2 * self.held),
                line=self.held,
                meaning=f"Up to {self.held:g} a frame repeats the one before; "
                f"at most {100 * self.max_held:.0f} % of a window may.",
            ),
        )
