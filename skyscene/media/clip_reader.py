"""The pixels of a written clip."""

from __future__ import annotations

from pathlib import Path

import av.error
import numpy as np
import numpy.typing as npt

from skyscene.errors import MediaError
from skyscene.media.decode import matrix_name
from skyscene.media.geometry import Size
from skyscene.media.picture import RgbScaler
from skyscene.media.probe import open_video

_MOST_MEGAPIXELS = 100.0


def read_clip(path: Path, matrix: str | None = None) -> npt.NDArray[np.uint8]:
    """Every frame of a clip as RGB.

    Unlike a source, a clip is a file of our own making: one fault in it is an error.

    Args:
        path: An mp4 of a build folder.
        matrix: The YUV matrix; as tagged in the file by default.

    Returns:
        uint8, shape (frames, height, width, 3), in the file's own size.

    Raises:
        MediaError: It is missing, or not all of it can be decoded.
    """
    container, stream = open_video(path, _MOST_MEGAPIXELS)
    pictures: list[npt.NDArray[np.uint8]] = []
    try:
        with container:
            scale: RgbScaler | None = None
            for frame in container.decode(stream):
                if frame.is_corrupt or (pictures and pictures[0].shape[:2] != (frame.height, frame.width)):
                    raise MediaError("undecodable", f"frame {len(pictures)} of {path} is damaged")
                planes = np.asarray(frame.to_ndarray(format="yuv420p"), np.uint8)
                if scale is None:
                    scale = RgbScaler(Size(frame.width, frame.height), matrix or matrix_name(frame))
                pictures.append(scale(planes))
    except av.error.FFmpegError as error:
        raise MediaError("undecodable", f"{path} cannot be decoded: {error.strerror}") from None
    if not pictures:
        raise MediaError("undecodable", f"no frame of {path} can be decoded")
    return np.stack(pictures)
