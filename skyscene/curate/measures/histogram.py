"""Histograms of 8-bit pictures and the levels at given shares of their pixels."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt


def histogram(picture_hw: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Number of pixels at each of the 256 levels."""
    counts: npt.NDArray[np.float32] = cv2.calcHist([picture_hw], [0], None, [256], [0, 256])
    return counts.ravel()


def levels_at(hists: npt.NDArray[np.float32], share: float) -> npt.NDArray[np.uint8]:
    """The lowest level that at least ``share`` of the pixels do not exceed, for each histogram.

    >>> counts = np.zeros((1, 256), np.float32)
    >>> counts[0, [20, 90]] = 99, 1
    >>> int(levels_at(counts, 0.5)[0]), int(levels_at(counts, 0.999)[0])
    (20, 90)
    """
    below = np.cumsum(hists, axis=1)
    wanted = below[:, -1:] * np.float32(share)
    return (below < wanted).sum(axis=1).clip(max=255).astype(np.uint8)
