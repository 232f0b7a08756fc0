"""PySceneDetect's ContentDetector on its stored content value."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from pydantic import Field
from scenedetect import FrameTimecode
from scenedetect.detector import FlashFilter

from skyscene.recipes import Component
from skyscene.records import Frames, Interval, Transition


class PsdContent(Component):
    """Finds the cuts that ContentDetector finds, with PySceneDetect's own filter for short scenes.

    Attributes:
        threshold: Least content value of a cut.
        min_scene_len: Least number of frames of a scene.
        filter_mode: What becomes of cuts too close together: "merge" or "suppress".
    """

    threshold: float = Field(gt=0)
    min_scene_len: int = Field(ge=0)
    filter_mode: Literal["merge", "suppress"]

    def detect(self, frames: Frames) -> Sequence[Transition]:
        """An empty interval at the first frame of each new shot."""
        values = frames["psd_content_val"]
        flash = FlashFilter(FlashFilter.Mode[self.filter_mode.upper()], self.min_scene_len)
        found: list[Transition] = []
        for row, value in enumerate(values.tolist()):
            time = FrameTimecode(frames.start + row, fps=Fraction(25))
            for cut in flash.filter(time, value >= self.threshold):
                at = cut.frame_num
                found.append(Transition(Interval(at, at), "cut", float(values[at - frames.start]), self.name))
        return found
