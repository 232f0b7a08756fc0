"""PySceneDetect's own content value, computed by PySceneDetect on the small pictures."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar

import cv2
import numpy as np
import numpy.typing as npt
from scenedetect import ContentDetector, FrameTimecode

from skyscene.recipes import Component
from skyscene.records import Column, SmallFrames


class PsdContent(Component):
    """The score that PySceneDetect's Content and Adaptive detectors threshold.

    Columns:
        psd_content_val: float64, as PySceneDetect has it; 0 for frame 0.
    """

    version: ClassVar[str] = "1"
    reach: ClassVar[int] = 1

    def measure(self, batch: SmallFrames) -> Mapping[str, Column]:
        """One row a core frame."""
        detector = ContentDetector()
        before = max(batch.core.start - 1, batch.start) - batch.start
        values = []
        for row in range(before, batch.core.stop - batch.start):
            time = FrameTimecode(batch.start + row, fps=Fraction(25))
            detector.process_frame(time, bgr(batch, row))
            values.append(detector._frame_score)
        first = batch.core.start - batch.start - before
        return {f"{self.name}_val": np.array(values[first:], dtype=np.float64)}


def bgr(batch: SmallFrames, row: int) -> npt.NDArray[np.uint8]:
    """One small picture as OpenCV has them: 8-bit BGR, shape (height, width, 3)."""
    height, width = batch.y_nhw.shape[1:]
    planes = [batch.y_nhw[row].ravel(), batch.u_nhw[row].ravel(), batch.v_nhw[row].ravel()]
    packed = np.concatenate(planes).reshape(height * 3 // 2, width)
    return np.asarray(cv2.cvtColor(packed, cv2.COLOR_YUV2BGR_I420), dtype=np.uint8)
