"""PySceneDetect's AdaptiveDetector on its stored content value."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from skyscene.recipes import Component
from skyscene.records import Frames, Interval, Transition

LARGEST = 255.0
NOTHING = 0.00001


class PsdAdaptive(Component):
    """Finds the cuts that AdaptiveDetector finds: a content value far above those around it.

    The score is that ratio, 255 at most.

    Attributes:
        adaptive_threshold: Least ratio of a cut's content value to the mean of those around it.
        min_scene_len: Least number of frames of a scene.
        window_width: Frames on either side that are around it.
        min_content_val: Least content value of a cut.
    """

    adaptive_threshold: float = Field(gt=0)
    min_scene_len: int = Field(ge=0)
    window_width: int = Field(ge=1)
    min_content_val: float = Field(ge=0)

    def detect(self, frames: Frames) -> Sequence[Transition]:
        """An empty interval at the first frame of each new shot."""
        values: list[float] = frames["psd_content_val"].tolist()
        last, width = 0, self.window_width
        found: list[Transition] = []
        for row in range(width, len(values) - width):
            ratio = self._ratio(values, row)
            high = ratio >= self.adaptive_threshold and values[row] >= self.min_content_val
            if high and row - last >= self.min_scene_len:
                last = row
                at = frames.start + row
                found.append(Transition(Interval(at, at), "cut", ratio, self.name))
        return found

    def _ratio(self, values: list[float], row: int) -> float:
        width = self.window_width
        around = [*values[row - width : row], *values[row + 1 : row + width + 1]]
        mean = sum(around) / (2.0 * width)
        if abs(mean) >= NOTHING:
            return min(values[row] / mean, LARGEST)
        return LARGEST if values[row] >= self.min_content_val else 0.0
