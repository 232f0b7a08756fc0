"""What was planted, and where: the truth that filters and detectors are measured against."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

from skyscene.errors import SkySceneError
from skyscene.records import Interval

Defect: TypeAlias = Literal[
    "cut",
    "dissolve",
    "fade",
    "zoom",
    "pan",
    "shake",
    "dark",
    "flicker",
    "exposure",
    "bars",
    "held",
    "freeze",
]
DEFECTS: tuple[Defect, ...] = get_args(Defect)


@dataclass(frozen=True, slots=True, order=True)
class Planted:
    """One planted defect, counted in frames of the finished source.

    The interval follows the transitions' convention: what happens *between* two frames is empty, at the
    first frame of the new state (a cut, an exposure step); everything else holds each frame it touches.

    Attributes:
        kind: What was planted.
        interval: The frames it touches.

    >>> Planted("cut", Interval(40, 40)).spoils(Interval(40, 72))
    False
    >>> Planted("cut", Interval(40, 40)).spoils(Interval(9, 41))
    True
    """

    kind: Defect
    interval: Interval

    def spoils(self, window: Interval) -> bool:
        """Whether any of it is seen in ``window``."""
        if self.interval.length == 0:
            return window.start < self.interval.start < window.stop
        return window.overlaps(self.interval)

    def moved(self, frames: int) -> Planted:
        """The same defect ``frames`` later."""
        return Planted(self.kind, Interval(self.interval.start + frames, self.interval.stop + frames))

    def within(self, length: int) -> Planted | None:
        """What of it is left if only the first ``length`` frames are kept; none where nothing is."""
        start, stop = self.interval.start, min(self.interval.stop, length)
        if start >= length:
            return None
        return Planted(self.kind, Interval(start, stop))

    def to_json(self) -> dict[str, Any]:
        """The record as plain JSON values.

        >>> Planted("fade", Interval(3, 9)).to_json()
        {'kind': 'fade', 'start': 3, 'stop': 9}
        """
        return {"kind": self.kind, "start": self.interval.start, "stop": self.interval.stop}

    @classmethod
    def from_json(cls, table: dict[str, Any]) -> Planted:
        """The record that `to_json` wrote.

        Raises:
            SkySceneError: The kind is unknown or a key is missing.
        """
        kind = table.get("kind")
        if kind not in DEFECTS or not {"start", "stop"} <= table.keys():
            raise SkySceneError(f"not a planted defect: {table}; kinds are {', '.join(DEFECTS)}")
        return cls(kind, Interval(int(table["start"]), int(table["stop"])))


def sort_planted(planted: Iterable[Planted | None]) -> tuple[Planted, ...]:
    """The defects by position, without the gaps that `Planted.within` leaves."""
    return tuple(sorted((p for p in planted if p is not None), key=lambda p: (p.interval, p.kind)))
