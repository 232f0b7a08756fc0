"""The numbers of one decode, a row a frame, and the small pictures they are measured on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from skyscene.records.interval import Interval

Column = npt.NDArray[Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SmallFrames:
    """A batch of small YUV 4:2:0 pictures, what a `Measure` sees.

    Attributes:
        y_nhw: Luma, uint8, shape (n, height, width), limited range (16 black, 235 white).
        u_nhw: Blue difference, uint8, half size; 128 is grey.
        v_nhw: Red difference, uint8, half size; 128 is grey.
        start: Number of the first picture in the source.
        core: The frames to measure; those around it are context, up to the measure's reach.
        shared: What one measure worked out of these pictures and another needs, too; see `once`.
    """

    y_nhw: npt.NDArray[np.uint8]
    u_nhw: npt.NDArray[np.uint8]
    v_nhw: npt.NDArray[np.uint8]
    start: int
    core: Interval
    shared: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def once(self, key: str, make: Callable[[SmallFrames], T]) -> T:
        """What ``make`` gives for this batch; made by the first measure that asks."""
        if key not in self.shared:
            self.shared[key] = make(self)
        found: T = self.shared[key]
        return found

    @property
    def core_slice(self) -> slice:
        """The core as a slice of the arrays."""
        return slice(self.core.start - self.start, self.core.stop - self.start)


@dataclass(frozen=True, slots=True)
class Frames:
    """Struct of arrays over the frames of a source, or of one interval of it.

    Attributes:
        pts: int64, ticks of the stream's time base.
        luma_hash: uint64, hash of the decoded luma plane.
        gap: bool; the decoder refused data just before this frame or flagged it as concealed.
        columns: Name to array with one row a frame: everything the measures stored.
        versions: Measure name to version, for every measure that was run.
        fps: Average frame rate of the source.
        width: Width of the small pictures in pixels.
        height: Height of the small pictures in pixels.
        start: Frame number of row 0.
    """

    pts: npt.NDArray[np.int64]
    luma_hash: npt.NDArray[np.uint64]
    gap: npt.NDArray[np.bool_]
    columns: Mapping[str, Column]
    versions: Mapping[str, str]
    fps: float
    width: int
    height: int
    start: int = 0

    def __len__(self) -> int:
        return len(self.pts)

    @property
    def interval(self) -> Interval:
        """The frames that the rows stand for."""
        return Interval(self.start, self.start + len(self))

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]

    def of(self, name: str, interval: Interval) -> Column:
        """A column's rows for an interval given in frame numbers of the source."""
        return self.columns[name][interval.start - self.start : interval.stop - self.start]

    def cut(self, interval: Interval) -> Frames:
        """The same record for a part; frame numbers stay those of the source."""
        rows = slice(interval.start - self.start, interval.stop - self.start)
        return Frames(
            pts=self.pts[rows],
            luma_hash=self.luma_hash[rows],
            gap=self.gap[rows],
            columns={name: column[rows] for name, column in self.columns.items()},
            versions=self.versions,
            fps=self.fps,
            width=self.width,
            height=self.height,
            start=interval.start,
        )
