"""Bars: rows and columns at the picture's edges that hold one colour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
import numpy.typing as npt
from pydantic import Field

from skyscene.recipes import Component
from skyscene.records import Column, SmallFrames


class Borders(Component):
    """Thickness of the bar at each side of each frame.

    A line belongs to a bar where its pixels are all black or all white, and the lines outside it too.

    Columns:
        borders_top, borders_bottom, borders_left, borders_right: uint16, in pixels of the small picture.

    Attributes:
        black: Highest luma of a black bar.
        white: Lowest luma of a white bar.
        grey: Largest distance of a bar's mean chroma from grey, in levels.
        spread: Largest standard deviation of luma along a line of a bar, in levels.
    """

    version: ClassVar[str] = "1"
    reach: ClassVar[int] = 0

    black: int = Field(ge=0, le=255)
    white: int = Field(ge=0, le=255)
    grey: float = Field(gt=0)
    spread: float = Field(gt=0)

    def measure(self, batch: SmallFrames) -> Mapping[str, Column]:
        """One row a core frame."""
        core = batch.core_slice
        columns: dict[str, Column] = {}
        for (low, high), axis in ((("top", "bottom"), 2), (("left", "right"), 1)):
            chroma_nl = np.maximum(_off_grey(batch.u_nhw[core], axis), _off_grey(batch.v_nhw[core], axis))
            flat_nl = self._flat(batch.y_nhw[core], chroma_nl, axis)
            columns[low] = _leading(flat_nl)
            columns[high] = _leading(flat_nl[:, ::-1])
        return {f"{self.name}_{key}": column for key, column in columns.items()}

    def _flat(
        self, y_nhw: npt.NDArray[np.uint8], chroma_nl: npt.NDArray[np.float32], axis: int
    ) -> npt.NDArray[np.bool_]:
        """Which lines are part of a bar; shape (n, lines)."""
        mean = y_nhw.mean(axis=axis, dtype=np.float32)
        square = np.einsum("nhw,nhw->nh" if axis == 2 else "nhw,nhw->nw", y_nhw, y_nhw, dtype=np.float32)
        variance = square / y_nhw.shape[axis] - mean**2
        lines = y_nhw.shape[3 - axis]
        grey = np.repeat(chroma_nl, 2, axis=1)[:, :lines] <= self.grey
        dark = (mean <= self.black) & grey
        bright = (mean >= self.white) & grey
        return np.asarray((dark | bright) & (variance <= self.spread**2), dtype=np.bool_)


def _off_grey(plane_nhw: npt.NDArray[np.uint8], axis: int) -> npt.NDArray[np.float32]:
    return np.asarray(np.abs(plane_nhw.mean(axis=axis, dtype=np.float32) - 128), dtype=np.float32)


def _leading(flat_nl: npt.NDArray[np.bool_]) -> Column:
    """How many lines from the first on are flat."""
    return np.asarray(np.logical_and.accumulate(flat_nl, axis=1).sum(axis=1), dtype=np.uint16)
