"""Where windows are laid on a scene, and which are kept of too many."""

from __future__ import annotations

from pydantic import Field, model_validator

from skyscene.recipes import Settings
from skyscene.records import Interval


class Windows(Settings):
    """Windows of whole frames; ``[windows]`` of a recipe.

    Attributes:
        length: Frames a window.
        stride: Frames from one window's start to the next; at least ``length``, so that none overlap.
        margin: Frames left unused on the side of a scene that meets a transition.
        max_clips_per_source: Most windows kept of one source, spread evenly; 0 for no limit.
    """

    length: int = Field(ge=1)
    stride: int = Field(ge=1)
    margin: int = Field(ge=0)
    max_clips_per_source: int = Field(ge=0)

    @model_validator(mode="after")
    def _no_overlap(self) -> Windows:
        if self.stride < self.length:
            raise ValueError(f"stride {self.stride} is less than length {self.length}: clips would overlap")
        return self

    def lay(self, scene: Interval, source: Interval) -> list[Interval]:
        """The windows of one scene, in order.

        The margin is left only where the scene meets a transition, not at the ends of the source.

        >>> windows = Windows(length=32, stride=32, margin=2, max_clips_per_source=0)
        >>> windows.lay(Interval(0, 66), Interval(0, 200))
        [Interval(start=0, stop=32), Interval(start=32, stop=64)]
        """
        before = self.margin if scene.start > source.start else 0
        after = self.margin if scene.stop < source.stop else 0
        return scene.shrink(before, after).windows(self.length, self.stride)

    def spread(self, count: int) -> list[int]:
        """Which of ``count`` kept windows stay: all, or ``max_clips_per_source`` spread evenly.

        >>> Windows(length=32, stride=32, margin=0, max_clips_per_source=3).spread(9)
        [1, 4, 7]
        """
        limit = self.max_clips_per_source
        if not limit or count <= limit:
            return list(range(count))
        return [(2 * k + 1) * count // (2 * limit) for k in range(limit)]
