"""Small pictures of a source, for people to look at."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from skyscene.media import Size

_MOST = 4096
_QUALITY = 80
_WEIGHTS = {
    "smpte170m": (0.299, 0.114),
    "bt470bg": (0.299, 0.114),
    "fcc": (0.30, 0.11),
    "smpte240m": (0.212, 0.087),
    "bt2020nc": (0.2627, 0.0593),
    "bt2020c": (0.2627, 0.0593),
}
"""Shares of red and blue in the luma of a YUV matrix; of every other matrix those of BT.709."""


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
        self._size = (size.width, size.height)
        self._to_bgr = _to_bgr(*_WEIGHTS.get(matrix, (0.2126, 0.0722)))
        self.kept: list[tuple[int, bytes]] = []

    def add(self, index: int, planes: npt.NDArray[np.uint8]) -> None:
        """Keeps the frame if it is its turn.

        Args:
            index: Its number.
            planes: YUV 4:2:0, limited range, shape (3 * height / 2, width).
        """
        if index % self._stride:
            return
        height, width = planes.shape[0] * 2 // 3, planes.shape[1]
        chroma = planes[height:].reshape(2, height // 2, width // 2)
        # A quarter of what exact scaling costs; these pictures are looked at and never measured.
        yuv = cv2.merge([cv2.resize(plane, self._size) for plane in (planes[:height], *chroma)])
        bgr = cv2.transform(yuv, self._to_bgr)
        _, jpeg = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
        self.kept.append((index, jpeg.tobytes()))
        if len(self.kept) > _MOST:
            self._stride *= 2
            self.kept = [item for item in self.kept if item[0] % self._stride == 0]


def _to_bgr(red: float, blue: float) -> npt.NDArray[np.float32]:
    """Limited-range YUV to BGR as a 3 x 4 matrix, from the shares of red and blue in the luma."""
    green, luma, chroma = 1 - red - blue, 255 / 219, 255 / 224
    from_blue, from_red = 2 * (1 - blue) * chroma, 2 * (1 - red) * chroma
    rows = [
        (luma, from_blue, 0.0),
        (luma, -from_blue * blue / green, -from_red * red / green),
        (luma, 0.0, from_red),
    ]
    return np.array([(*row, -(16 * row[0] + 128 * (row[1] + row[2]))) for row in rows], dtype=np.float32)
