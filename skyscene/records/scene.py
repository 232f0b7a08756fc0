"""What a detector finds (`Transition`) and what lies between (`Scene`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from skyscene.records.interval import Interval

TransitionKind = Literal["cut", "dissolve", "fade", "gap"]


@dataclass(frozen=True, slots=True, order=True)
class Transition:
    """Frames that belong to no single shot.

    Attributes:
        interval: The frames in between. A hard cut is empty, at the first frame of the new shot.
        kind: cut, dissolve, fade, or gap (frames that could not be decoded faithfully).
        score: The detector's evidence, in its own unit; larger is surer.
        detector: Name of the detector in the recipe.
    """

    interval: Interval
    kind: TransitionKind
    score: float
    detector: str


@dataclass(frozen=True, slots=True)
class Crop:
    """The picture inside the bars, in whole pixels of the upright, square-pixel picture."""

    x: int
    y: int
    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width}x{self.height}+{self.x}+{self.y}"


@dataclass(frozen=True, slots=True)
class Scene:
    """One shot between two transitions.

    Attributes:
        scene_id: Hash of source and interval.
        source_id: The source it is part of.
        interval: Its frames, free of transitions.
        crop: The picture without bars.
        reasons: Why the whole scene yields no window; empty where it does.
        windows: How many windows were laid on it.
    """

    scene_id: str
    source_id: str
    interval: Interval
    crop: Crop
    reasons: tuple[str, ...] = ()
    windows: int = 0
