"""Bars: rows and columns at the picture's edges that hold one colour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
import numpy.typing as npt
from pydantic import Field

from skyscene.recipes import Component
from skyscene.records import Column, SmallFrames

Planes = npt.NDArray[np.uint8]
_SIDES = ("top", "bottom", "left", "right")


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
        y_nhw, u_nhw, v_nhw = batch.y_nhw[core], batch.u_nhw[core], batch.v_nhw[core]
        across = tuple(np.swapaxes(plane, 1, 2) for plane in (y_nhw, u_nhw, v_nhw))
        sides = {"top": (y_nhw, u_nhw, v_nhw), "left": across}
        sides |= {"bottom": _flipped(sides["top"]), "right": _flipped(sides["left"])}
        return {f"{self.name}_{side}": self._thickness(*sides[side]) for side in _SIDES}

    def _thickness(self, y_nlp: Planes, u_nlp: Planes, v_nlp: Planes) -> Column:
        """How many lines from the first on are part of a bar; most pictures end the search at once."""
        count, lines, _ = y_nlp.shape
        thick = np.zeros(count, np.uint16)
        open_n = np.arange(count)
        for line in range(lines):
            flat = self._flat(y_nlp[open_n, line], u_nlp[open_n, line // 2], v_nlp[open_n, line // 2])
            open_n = open_n[flat]
            if not len(open_n):
                break
            thick[open_n] += 1
        return thick

    def _flat(self, y_np: Planes, u_np: Planes, v_np: Planes) -> npt.NDArray[np.bool_]:
        """Which of these lines, one a frame, are black or white throughout."""
        mean = y_np.mean(axis=1, dtype=np.float32)
        variance = np.einsum("np,np->n", y_np, y_np, dtype=np.float32) / y_np.shape[1] - mean**2
        grey = np.maximum(_off_grey(u_np), _off_grey(v_np)) <= self.grey
        shade = (mean <= self.black) | (mean >= self.white)
        return np.asarray(shade & grey & (variance <= self.spread**2), dtype=np.bool_)


def _off_grey(plane_np: Planes) -> npt.NDArray[np.float32]:
    return np.asarray(np.abs(plane_np.mean(axis=1, dtype=np.float32) - 128), dtype=np.float32)


def _flipped(planes: tuple[Planes, ...]) -> tuple[Planes, ...]:
    return tuple(plane[:, ::-1] for plane in planes)
