"""What estimates the flow between two pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Luma = npt.NDArray[np.uint8]
"""A picture, (h, w), or the pictures of a clip, (t, h, w)."""

Vectors = npt.NDArray[np.float32]
"""Pixels to the right and down, (h, w, 2), or of each pair of neighbours in a clip, (t - 1, h, w, 2)."""


@dataclass(frozen=True, slots=True)
class Flow:
    """An estimator of optical flow.

    Attributes:
        id: As part of a score's name; changes whenever a vector could.
        smallest: The fewest pixels that a side may have.
        vectors: Two pictures, (h, w) of uint8, to (h, w, 2) of float32.
    """

    id: str
    smallest: int
    vectors: Callable[[Luma, Luma], Vectors]

    def __call__(self, first_hw: Luma, second_hw: Luma) -> Vectors:
        """Where each pixel of the first picture goes, in pixels to the right and down; (h, w, 2) of float32.

        Raises:
            ValueError: The pictures are not two of uint8 and one shape, or a side is under `smallest` pixels.
        """
        if first_hw.shape != second_hw.shape:
            raise ValueError(f"{first_hw.shape} beside {second_hw.shape}")
        if first_hw.ndim != 2 or first_hw.dtype != np.uint8 or second_hw.dtype != np.uint8:
            kinds = f"{first_hw.dtype} and {second_hw.dtype} of {first_hw.shape}"
            raise ValueError(f"flow needs two pictures (h, w) of uint8, not {kinds}")
        if min(first_hw.shape) < self.smallest:
            raise ValueError(
                f"pictures of {first_hw.shape} are under {self.smallest} pixels on a side, too few"
                f" for {self.id}"
            )
        return self.vectors(np.ascontiguousarray(first_hw), np.ascontiguousarray(second_hw))


def clip_flows(luma_thw: Luma, flow: Flow) -> Vectors:
    """The flow from each picture of a clip to the next, (t - 1, h, w, 2) of float32.

    Args:
        luma_thw: The clip's luma, uint8, one picture at least.
        flow: What estimates it.

    Raises:
        ValueError: It is no clip, or the estimator refuses its pictures.

    >>> from skyscene.flow import FLOWS
    >>> still = np.zeros((3, 16, 16), np.uint8)
    >>> flows = clip_flows(still, FLOWS["farneback"])
    >>> flows.shape, float(abs(flows).max())
    ((2, 16, 16, 2), 0.0)
    """
    if luma_thw.ndim != 3 or not len(luma_thw):
        raise ValueError(f"a clip of one picture or more is needed, (t, h, w), not {luma_thw.shape}")
    flows = np.empty((len(luma_thw) - 1, *luma_thw.shape[1:], 2), np.float32)
    for at, out in enumerate(flows):
        out[:] = flow(luma_thw[at], luma_thw[at + 1])
    return flows
