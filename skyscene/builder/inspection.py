"""What is checked of one source, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from skyscene.builder.fault import Fault
from skyscene.builder.recipe import Cutting
from skyscene.media import Size, clip_size, crop_within
from skyscene.records import Crop

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Inspection:
    """One source with written clips.

    Attributes:
        source_id: The source.
        path: Its file; none where it is not at hand.
        facts: Its row in `sources.parquet`.
        clips: Rows of its written clips, sorted by frame.
        scenes: Their scenes' rows by scene_id.
        tile_columns: Tiles from left to right in the columns; 0 where the recipe measures none.
    """

    source_id: str
    path: Path | None
    facts: Row
    clips: tuple[Row, ...]
    scenes: Mapping[str, Row | None]
    tile_columns: int = 0


@dataclass(slots=True)
class Findings:
    """What came of it.

    Attributes:
        faults: Broken promises.
        notices: What is no broken promise, but worth a line.
        compared: clip_ids that were compared with their source's frames.
    """

    faults: list[Fault] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    compared: set[str] = field(default_factory=set)

    def fault(self, promise: str, where: str, what: str) -> None:
        """Adds a broken promise."""
        self.faults.append(Fault(promise, where, what))

    def has(self, promise: str, where: str) -> bool:
        """Whether such a fault is known already."""
        return any((fault.promise, fault.where) == (promise, where) for fault in self.faults)


@dataclass(frozen=True, slots=True)
class Frame:
    """How a source's picture becomes its clips'.

    Attributes:
        seen: The upright picture.
        scaled: The same as it was scaled for the clips.
    """

    seen: Size
    scaled: Size

    @classmethod
    def of(cls, facts: Row, recipe: Cutting) -> Frame:
        """By a source's row and the recipe."""
        seen = Size(facts["width"], facts["height"])
        return cls(seen, clip_size(seen, recipe.clips.long_side))

    def inside(self, scene: Row | None) -> Crop:
        """The part of the scaled picture that the clips of a scene show."""
        if scene is None:
            return Crop(0, 0, self.scaled.width, self.scaled.height)
        crop = Crop(scene["crop_x"], scene["crop_y"], scene["crop_width"], scene["crop_height"])
        return crop_within(crop, self.seen, self.scaled)
