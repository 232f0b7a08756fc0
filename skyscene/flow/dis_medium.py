"""Dense inverse search (Kroeger et al. 2016) with OpenCV's medium preset."""

from __future__ import annotations

import cv2
import numpy as np

from skyscene.flow.estimator import Flow, Luma, Vectors


def _vectors(first_hw: Luma, second_hw: Luma) -> Vectors:
    """Of OpenCV's `DISOpticalFlow` as `PRESET_MEDIUM` makes it; the number of its threads changes no vector.

    The settings: patches of 8 pixels every 3, 25 steps of gradient descent, mean normalisation, spatial
    propagation; then 5 iterations of variational refinement with alpha 20, delta 5, gamma 10, epsilon 0.01.
    The finest scale is 1, half the resolution, and the coarsest min(log2(longer / 32) + 0.5,
    log2(shorter // 8)) rounded down: at 64 pixels the halved scale is the only one. With a longer side under
    46 pixels that leaves none, and OpenCV takes full resolution as the finest scale.

    OpenCV keeps what it chose for the next pair, so each pair has an object of its own. Pictures with a side
    under 8 pixels it refuses; of wide ones under 16 it reads what is not theirs, so those are refused here.
    """
    estimator = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    return np.asarray(estimator.calc(first_hw, second_hw, None), np.float32)  # type: ignore[call-overload]


DIS_MEDIUM = Flow("dis-medium", 16, _vectors)
