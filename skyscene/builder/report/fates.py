"""What became of every frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from skyscene.builder.report.tables import Row
from skyscene.records import Interval, union


@dataclass(frozen=True, slots=True)
class Fates:
    """Frames by what became of them; each is counted once.

    Attributes:
        kept: In kept clips.
        rejected: In rejected windows.
        joined: In transitions and damage.
        short: In scenes too short for a window.
        rest: At the ends of scenes, where no further window fits.
    """

    kept: int = 0
    rejected: int = 0
    joined: int = 0
    short: int = 0
    rest: int = 0

    def __add__(self, other: Fates) -> Fates:
        return Fates(
            self.kept + other.kept,
            self.rejected + other.rejected,
            self.joined + other.joined,
            self.short + other.short,
            self.rest + other.rest,
        )

    @property
    def total(self) -> int:
        """All frames."""
        return self.kept + self.rejected + self.joined + self.short + self.rest


def fates(frames: int, transitions: Sequence[Row], scenes: Sequence[Row], windows: Sequence[Row]) -> Fates:
    """The frames of one source by what became of them."""
    kept = sum(_length(row) for row in windows if row["kept"])
    rejected = sum(_length(row) for row in windows if not row["kept"])
    joined = sum(item.length for item in union(_interval(row) for row in transitions))
    short = sum(_length(row) for row in scenes if not row["windows"])
    return Fates(kept, rejected, joined, short, max(0, frames - kept - rejected - joined - short))


def _interval(row: Row) -> Interval:
    return Interval(row["frame_start"], row["frame_stop"])


def _length(row: Row) -> int:
    return int(row["frame_stop"] - row["frame_start"])
