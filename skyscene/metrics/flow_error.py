"""How far the motion of a prediction is from the real one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def flow_mse(
    predicted_thwc: npt.NDArray[np.float32], real_thwc: npt.NDArray[np.float32]
) -> npt.NDArray[np.float64]:
    """Squared difference of two clips' flows, mean over both components and all pixels, in square pixels.

    The Flow-MSE of Zhang et al. 2020 (DTVNet), who name neither the estimator nor the resolution: both belong
    beside the number. Against a flow of zeros it is half the mean squared length of the real vectors.

    Args:
        predicted_thwc: Flows between neighbouring frames of the predicted clip, (t - 1, h, w, 2), in pixels.
        real_thwc: Those of the real one.

    Returns:
        One value a pair of neighbours, (t - 1,).

    Raises:
        ValueError: The flows are not of one shape (t - 1, h, w, 2).

    >>> flow_mse(np.full((1, 4, 4, 2), 3.0, np.float32), np.full((1, 4, 4, 2), 1.0, np.float32)).tolist()
    [4.0]
    """
    if predicted_thwc.shape != real_thwc.shape:
        raise ValueError(f"{predicted_thwc.shape} beside {real_thwc.shape}")
    if real_thwc.ndim != 4 or real_thwc.shape[-1] != 2:
        raise ValueError(f"flows (t - 1, h, w, 2) are needed, not {real_thwc.shape}")
    difference = predicted_thwc.astype(np.float64) - real_thwc
    return np.asarray(np.square(difference).mean(axis=(1, 2, 3)))
