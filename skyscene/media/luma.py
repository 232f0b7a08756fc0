"""Luma scaled without the library's scaler, to check what that made."""

from __future__ import annotations

import av
import cv2
import numpy as np
import numpy.typing as npt

from skyscene.media.decode import luma_samples
from skyscene.media.geometry import Size

Luma = npt.NDArray[np.float32]

_WEIGHTS = np.array([0.2126, 0.7152, 0.0722], np.float32)
_BLACK, _WHITE = 16.0, 235.0


def upright_luma(picture: av.VideoFrame, size: Size, rotation: int, full_range: bool) -> Luma:
    """A decoded frame's luma, 16 to 235, upright and of another size; scaled by OpenCV.

    Args:
        picture: As decoded.
        size: The size that comes out.
        rotation: Degrees counter-clockwise that a player turns the picture.
        full_range: Whether black is 0 and not 16.
    """
    samples = luma_samples(picture)
    if samples is None:
        luma = picture.to_ndarray(format="rgb24") @ _WEIGHTS
        full_range = True
    else:
        bits = picture.format.components[0].bits
        kind = ">u2" if picture.format.name.endswith("be") else "<u2"
        luma = (samples.view(kind) if bits > 8 else samples) / np.float32(1 << (bits - 8))
    if full_range:
        luma = _BLACK + luma * np.float32((_WHITE - _BLACK) / 255)
    turned = np.ascontiguousarray(np.rot90(luma, round(rotation / 90) % 4), np.float32)
    return np.asarray(cv2.resize(turned, (size.width, size.height), interpolation=cv2.INTER_AREA), np.float32)
