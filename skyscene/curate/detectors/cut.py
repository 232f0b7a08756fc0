"""Hard cuts: one frame has nothing of the structure of the frame before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from pydantic import Field

from skyscene.recipes import Component
from skyscene.records import Frames, Interval, Transition


class Cut(Component):
    """Finds cuts by correlation, which a change of exposure leaves as it is.

    The score is how much structure is lost: 1 - ``change_fine``, less its median over the frames around.

    Attributes:
        lost: Least score.
        around: Frames on either side that tell what is usual here.
        shade: Largest ``change_corr`` of a cut: light and dark lie elsewhere after it.
        difference: Least mean luma or chroma difference, in levels.
        clear: Score from which neither light and dark nor the frames around matter.
    """

    lost: float = Field(gt=0)
    around: int = Field(ge=1)
    shade: float = Field(gt=0, le=1)
    difference: float = Field(ge=0)
    clear: float = Field(gt=0)

    def detect(self, frames: Frames) -> Sequence[Transition]:
        """An empty interval at the first frame of each new shot."""
        loss = 1 - frames["change_fine"]
        excess = loss - _usual(loss, self.around)
        differs = np.maximum(frames["change_mad"], 2 * frames["change_chroma"]) >= self.difference
        elsewhere = frames["change_corr"] <= self.shade
        cut = differs & elsewhere & (excess >= self.lost)
        cut |= differs & elsewhere & (loss >= self.clear)
        cut[:1] = False
        return [
            Transition(Interval(frames.start + row, frames.start + row), "cut", float(loss[row]), self.name)
            for row in np.flatnonzero(cut).tolist()
        ]


def _usual(values: npt.NDArray[np.float32], around: int) -> npt.NDArray[np.float32]:
    """The median of each value's neighbours, itself left out."""
    padded = np.pad(values, around, mode="reflect") if len(values) > around else np.pad(values, around)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * around + 1)
    others = np.delete(windows, around, axis=1)
    usual: npt.NDArray[np.float32] = np.median(others, axis=1).astype(np.float32)
    return usual
