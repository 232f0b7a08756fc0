"""Darkness: nothing to be seen, not even a star."""

from __future__ import annotations

import numpy as np
from pydantic import Field

from skyscene.recipes import Component
from skyscene.records import Frames, Interval, Verdict


class Dark(Component):
    """Rejects a window in which too many frames show nothing; night with stars, moon or lamps passes.

    A frame shows something where its brightest hundredth is bright, or a detail stands out.
    The score is the share of frames that do.

    Attributes:
        max_p99: A frame whose 99th percentile of luma is up to this, in levels (16 is black), and
        max_detail: whose ``luma_detail`` is up to this, in levels, shows nothing.
        min_visible: Least share of the window's frames that show something.
    """

    max_p99: float = Field(ge=16, le=235)
    max_detail: float = Field(ge=0)
    min_visible: float = Field(ge=0, le=1)

    def judge(self, frames: Frames, interval: Interval) -> Verdict:
        """The verdict."""
        bright = frames.of("luma_p99", interval) > self.max_p99
        detail = frames.of("luma_detail", interval) > self.max_detail
        score = float(np.mean(bright | detail))
        reason = f"nothing visible in {1 - score:.0%} of the frames" if score < self.min_visible else None
        return Verdict(self.name, score, self.min_visible, reason)
