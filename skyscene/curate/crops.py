"""The picture inside the bars."""

from __future__ import annotations

from pydantic import Field

from skyscene.recipes import Component
from skyscene.records import Crop, Frames


class Bars(Component):
    """One rectangle a scene without the pairs of bars that all its frames have.

    Attributes:
        inset: Pixels of the small picture taken off beside a bar, for its soft edge.
        least: Thinnest bar, in pixels of the small picture.
        keep: Least share of the width and of the height to keep; else nothing is cropped on that axis.
    """

    inset: int = Field(ge=0)
    least: int = Field(ge=1)
    keep: float = Field(gt=0, le=1)

    def crop(self, frames: Frames, width: int, height: int) -> Crop:
        """The rectangle for one scene: the whole picture, or at even positions where bars are cut off.

        Args:
            frames: The scene.
            width: Width of the upright source picture in pixels.
            height: Its height.
        """
        left, right = self._along(frames, "left", "right", frames.width, width)
        top, bottom = self._along(frames, "top", "bottom", frames.height, height)
        return Crop(left, top, right - left, bottom - top)

    def _along(self, frames: Frames, low: str, high: str, small: int, full: int) -> tuple[int, int]:
        """First and last edge on one axis, in full pixels; beside bars rounded inwards to even ones."""
        # Bars come in pairs of one thickness. A black ground at night is flat on one side only, and what lies
        # against a bar may be as flat as the bar.
        bar = min(self._bar(frames, side) for side in (low, high))
        if small - 2 * bar < self.keep * small:
            bar = 0
        if bar == 0:
            return 0, full
        first = -(-bar * full // (2 * small)) * 2
        last = (small - bar) * full // (2 * small) * 2
        return first, last

    def _bar(self, frames: Frames, side: str) -> int:
        column = frames[f"borders_{side}"]
        bar = int(column.min()) if len(column) else 0
        return bar + self.inset if bar >= self.least else 0
