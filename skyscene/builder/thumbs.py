"""Small pictures of a source, for people to look at."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from skyscene.media import RgbScaler, Size

_MOST = 2048
_QUALITY = 80


class Thumbs:
    """JPEG pictures at a stride that doubles whenever there are too many.

    Args:
        stride: A picture every so many frames.
        size: Its size.
        matrix: YUV matrix of the planes that come.

    Attributes:
        kept: Frame number and JPEG bytes.
    """

    def __init__(self, stride: int, size: Size, matrix: str) -> None:
        self._stride = stride
        self._scale = RgbScaler(size, matrix)
        self.kept: list[tuple[int, bytes]] = []

    def add(self, index: int, planes: npt.NDArray[np.uint8]) -> None:
        """Keeps the frame if it is its turn."""
        if index % self._stride:
            return
        bgr = self._scale(planes)[:, :, ::-1]
        _, jpeg = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
        self.kept.append((index, jpeg.tobytes()))
        if len(self.kept) > _MOST:
            self._stride *= 2
            self.kept = [item for item in self.kept if item[0] % self._stride == 0]
