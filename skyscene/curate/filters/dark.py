"""Darkness: nothing to be seen, not even a star."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from pydantic import Field

from skyscene.recipes import Component
from skyscene.records import Curve, Frames, Interval, Scale, Verdict


class Dark(Component):
    """Rejects a window in which too many frames show nothing; night with stars, moon or lamps passes.

    A frame shows something where its brightest hundredth is bright, or a detail stands out.
    The score is the share of frames that do.

    Attributes:
        max_p99: A frame whose 99th percentile of luma is up to this, in levels (16 is black), and
        max_detail: whose ``luma_detail`` is up to this, in levels, shows nothing.
        min_visible: Least share of the window's frames that show something.
    """

    scale: ClassVar[Scale] = Scale("frames that show something", "%", "at least", factor=100, high=100)

    max_p99: float = Field(ge=16, le=235)
    max_detail: float = Field(ge=0)
    min_visible: float = Field(ge=0, le=1)

    def judge(self, frames: Frames, interval: Interval) -> Verdict:
        """The verdict."""
        bright = frames.of("luma_p99", interval) > self.max_p99
        detail = frames.of("luma_detail", interval) > self.max_detail
        score = float(np.mean(bright | detail))
        empty, allowed = 100 * (1 - score), 100 * (1 - self.min_visible)
        dark = f"nothing visible in {empty:.0f} % of the frames ({allowed:.0f} % allowed)"
        return Verdict(self.name, score, self.min_visible, dark if score < self.min_visible else None)

    def curves(self, frames: Frames) -> Sequence[Curve]:
        """The two things of which one must be there."""
        return (
            Curve(
                "brightest hundredth",
                "levels",
                frames["luma_p99"],
                low=0,
                high=255,
                line=self.max_p99,
                meaning=f"The hundredth of the pixels that is brightest; 16 is black, 235 white. "
                f"Over {self.max_p99:g} a frame shows something.",
            ),
            Curve(
                "finest detail",
                "levels",
                frames["luma_detail"],
                low=0,
                high=max(60.0, 2 * self.max_detail),
                line=self.max_detail,
                meaning=f"How far a star or a lamp stands out from its surroundings. "
                f"Over {self.max_detail:g} a frame shows something, however dark it is.",
            ),
        )
