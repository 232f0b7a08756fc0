"""How much moves in a clip."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def speeds(flows_thwc: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """The lengths of flow vectors in pixels a frame, (t - 1, h, w).

    Raises:
        ValueError: They are no flows (t - 1, h, w, 2).

    >>> speeds(np.array([[[[3.0, -4.0]]]], np.float32)).tolist()
    [[[5.0]]]
    """
    if flows_thwc.ndim != 4 or flows_thwc.shape[-1] != 2:
        raise ValueError(f"flows (t - 1, h, w, 2) are needed, not {flows_thwc.shape}")
    return np.asarray(np.sqrt(np.square(flows_thwc.astype(np.float64)).sum(axis=-1)))


def mean_speed(flows_thwc: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """The mean length of the flow vectors of each pair of neighbouring frames, in pixels a frame; (t - 1,).

    Beside the same number of the real clip it tells a frozen prediction from a moving one.

    Args:
        flows_thwc: Flows between neighbouring frames, (t - 1, h, w, 2), in pixels.

    Raises:
        ValueError: They are of another shape.

    >>> mean_speed(np.tile(np.array([3.0, -4.0], np.float32), (2, 8, 8, 1))).tolist()
    [5.0, 5.0]
    """
    return np.asarray(speeds(flows_thwc).mean(axis=(1, 2)))
