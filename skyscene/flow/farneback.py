"""Flow by polynomial expansion (Farneback 2003), as OpenCV has it."""

from __future__ import annotations

import cv2
import numpy as np

from skyscene.flow.estimator import Flow, Luma, Vectors


def _vectors(first_hw: Luma, second_hw: Luma) -> Vectors:
    """Of OpenCV's `calcOpticalFlowFarneback`; the number of its threads changes no vector.

    The settings: pyr_scale 0.5, levels 3, winsize 15, iterations 3, poly_n 5, poly_sigma 1.2, flags 0 (a box
    window, no flow to begin with). OpenCV leaves out the levels of the pyramid that are under 32 pixels.
    """
    found = cv2.calcOpticalFlowFarneback(
        first_hw,
        second_hw,
        None,  # type: ignore[call-overload]
        pyr_scale=0.5,
        levels=3,
        winsize=15,
        iterations=3,
        poly_n=5,
        poly_sigma=1.2,
        flags=0,
    )
    return np.asarray(found, np.float32)


FARNEBACK = Flow("farneback", 1, _vectors)
