"""What a filter looked at, for people: what its score counts, and curves over the frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from skyscene.records.frames import Column


@dataclass(frozen=True, slots=True)
class Scale:
    """What a filter's score counts.

    Attributes:
        name: For a person: "frames that show something".
        unit: What follows the number: "%", "levels"; "" for none.
        passes: On which side of the threshold a window passes.
        factor: The score times this is in the unit.
        high: Where a drawing may end, in the unit; none for where the scores end.
    """

    name: str
    unit: str
    passes: Literal["at least", "at most"]
    factor: float = 1.0
    high: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """One number a frame that a filter looks at.

    Attributes:
        name: For a person: "brightest hundredth".
        unit: What follows the number; "" for none.
        values: One a frame; NaN where nothing was measured.
        low: Lower end of a drawing.
        high: Its upper end; what is above is drawn there.
        line: What the numbers are compared with; none for nothing so simple.
        meaning: A sentence on what the line tells.
    """

    name: str
    unit: str
    values: Column
    low: float
    high: float
    line: float | None = None
    meaning: str = ""
