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
        bright: Least 99th percentile of luma, in levels (16 is black).
        detail: Least ``luma_detail``, in levels.
        share: Least share of the window's frames that show something.
    """

    bright: float = Field(ge=16, le=235)
    detail: float = Field(ge=0)
    share: float = Field(ge=0, le=1)

    def judge(self, frames: Frames, interval: Interval) -> Verdict:
        """The verdict."""
        bright = frames.of("luma_p99", interval) >= self.bright
        detail = frames.of("luma_detail", interval) >= self.detail
        score = float(np.mean(bright | detail))
        reason = f"nothing visible in {1 - score:.0%} of the frames" if score < self.share else None
        return Verdict(self.name, score, self.share, reason)
