"""Reading one picture."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from skyscene.errors import MediaError


def read_picture(path: Path) -> npt.NDArray[np.uint8]:
    """A photo as uint8 RGB, shape (height, width, 3), turned upright as its EXIF says.

    Raises:
        MediaError: It cannot be read, or is no picture.
    """
    try:
        data = np.fromfile(path, np.uint8)
    except OSError as error:
        raise MediaError("missing-file", error.strerror or str(error), path) from None
    try:
        picture = cv2.imdecode(data, cv2.IMREAD_COLOR_RGB) if len(data) else None
    except cv2.error:
        picture = None
    if picture is None:
        raise MediaError("no-picture", "not a picture that can be read", path)
    return np.asarray(picture, np.uint8)
