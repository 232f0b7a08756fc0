"""What a prediction changes where the truth stands still."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from torch import Tensor

from skyscene.metrics.motion import speeds

SLOWER, DIMMER = 0.1, 2
"""A still pixel's flow is shorter than this, in pixels; its luma changes by so many levels of 255 at most."""


def static_pixels(
    luma_thw: npt.NDArray[np.uint8], flows_thwc: npt.NDArray[np.float32]
) -> npt.NDArray[np.bool_]:
    """Where a real clip does not move, (t - 1, h, w); at k what holds between frames k and k + 1.

    A pixel is still between two frames where the flow from the first to the second is under 0.1 pixels long
    and its luma differs by 2 levels of 255 or fewer. Both are asked for: over a sky without texture the flow
    is zero whatever the light does, and under a slow drift of smooth clouds luma hardly changes.

    Args:
        luma_thw: Luma of the real clip, uint8, as `luma` gives it.
        flows_thwc: Its flows between neighbours, (t - 1, h, w, 2), in pixels.

    Raises:
        ValueError: Luma and flows are not of one clip, or luma is not uint8.

    >>> luma_thw = np.array([[[10, 10, 10]], [[12, 13, 10]]], np.uint8)
    >>> flows = np.zeros((1, 1, 3, 2), np.float32)
    >>> flows[0, 0, 2] = 0.08
    >>> static_pixels(luma_thw, flows).tolist()
    [[[True, False, False]]]
    """
    if luma_thw.ndim != 3 or luma_thw.dtype != np.uint8:
        raise ValueError(f"luma (t, h, w) of uint8 is needed, not {luma_thw.dtype} of {luma_thw.shape}")
    frames, *size = luma_thw.shape
    if flows_thwc.shape != (frames - 1, *size, 2):
        raise ValueError(f"flows of {flows_thwc.shape} beside luma of {luma_thw.shape}")
    changes = np.abs(np.diff(luma_thw.astype(np.int16), axis=0))
    return np.asarray((speeds(flows_thwc) < SLOWER) & (changes <= DIMMER))


def static_change(
    predicted_cthw: Tensor, static_thw: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """How much a prediction changes where the truth stands still: a sum and a count of pixels a frame.

    The change of a pixel is the absolute difference of neighbouring frames, mean over RGB. Sums over sums of
    counts, of frames or clips, are its mean over all their still pixels; a frame may have none.

    Args:
        predicted_cthw: A predicted clip in [0, 1], (3, t, h, w).
        static_thw: Where the real clip stands still, (t - 1, h, w), by `static_pixels`.

    Returns:
        Of each pair of neighbouring frames the sum of its still pixels' changes, and their number; (t - 1,).

    Raises:
        ValueError: The clip and the pixels are not of one size and length.

    >>> import torch
    >>> clip = torch.stack([torch.zeros(3, 2, 2), torch.full((3, 2, 2), 0.25)], dim=1)
    >>> total, count = static_change(clip, np.array([[[True, True], [True, False]]]))
    >>> total.tolist(), count.tolist()
    ([0.75], [3])
    """
    channels, frames, *size = predicted_cthw.shape
    if channels != 3 or static_thw.shape != (frames - 1, *size):
        raise ValueError(f"still pixels of {static_thw.shape} beside a clip of {tuple(predicted_cthw.shape)}")
    clip = predicted_cthw.double()
    changes = (clip[:, 1:] - clip[:, :-1]).abs().mean(dim=0).cpu().numpy()
    return np.where(static_thw, changes, 0.0).sum(axis=(1, 2)), static_thw.sum(axis=(1, 2), dtype=np.int64)
