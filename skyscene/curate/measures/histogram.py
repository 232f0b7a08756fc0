"""Histograms of 8-bit pictures and the levels at given shares of their pixels."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from skyscene.records import SmallFrames

Picture = npt.NDArray[np.integer[Any] | np.floating[Any]]
"""What OpenCV takes and gives; the pictures here are 8-bit."""


def histogram(picture_hw: Picture) -> npt.NDArray[np.float32]:
    """Number of pixels at each of the 256 levels."""
    counts = cv2.calcHist([picture_hw], [0], None, [256], [0, 256])
    return np.asarray(counts, dtype=np.float32).ravel()


def luma_histograms(batch: SmallFrames) -> npt.NDArray[np.float32]:
    """The histogram of every luma plane of a batch, context and all; shape (n, 256)."""
    return np.stack([histogram(y_hw) for y_hw in batch.y_nhw])


def levels_at(hists: npt.NDArray[np.float32], share: float) -> npt.NDArray[np.uint8]:
    """The lowest level that at least ``share`` of the pixels do not exceed, for each histogram.

    >>> counts = np.zeros((1, 256), np.float32)
    >>> counts[0, [20, 90]] = 99, 1
    >>> int(levels_at(counts, 0.5)[0]), int(levels_at(counts, 0.999)[0])
    (20, 90)
    """
    below = np.cumsum(hists, axis=1)
    wanted = below[:, -1:] * np.float32(share)
    return np.asarray((below < wanted).sum(axis=1).clip(max=255), dtype=np.uint8)
