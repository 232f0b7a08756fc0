"""RGB pictures to planes as ffmpeg converts them when nothing else is asked for."""

from __future__ import annotations

import av
import numpy as np
import numpy.typing as npt
from av.video.reformatter import Interpolation, VideoReformatter

from skyscene.media.picture import EXACT

Pixels = npt.NDArray[np.uint8]
_HOW = Interpolation.BICUBIC | EXACT


def to_yuv420(rgb_nhwc: Pixels) -> tuple[Pixels, Pixels, Pixels]:
    """Luma (n, h, w) and both colour differences (n, (h + 1) // 2, (w + 1) // 2) of RGB pictures, all uint8.

    BT.601, limited range, chroma scaled bicubically, which is what the ffmpeg program does unless told
    otherwise; by swscale's exact code, so that every processor gives the same samples. (Its fast code, which
    depends on the processor, is a level off in one sample of fifty of noise.)

    Args:
        rgb_nhwc: Pictures of any size, odd ones too; one at least.

    Raises:
        ValueError: They are not uint8 of that shape.

    >>> [plane.tolist() for plane in to_yuv420(np.full((1, 1, 1, 3), (255, 0, 0), np.uint8))]
    [[[[81]]], [[[90]]], [[[240]]]]
    """
    if rgb_nhwc.ndim != 4 or rgb_nhwc.shape[-1] != 3 or rgb_nhwc.dtype != np.uint8 or not rgb_nhwc.size:
        raise ValueError(
            f"pictures (n, h, w, 3) of uint8 are needed, not {rgb_nhwc.dtype} of {rgb_nhwc.shape}"
        )
    reformatter = VideoReformatter()
    rows = []
    for picture in np.ascontiguousarray(rgb_nhwc):
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        rows.append([_samples(p) for p in _converted(reformatter, frame).planes])
    luma, blue, red = (np.stack(planes) for planes in zip(*rows, strict=True))
    return luma, blue, red


def _converted(reformatter: VideoReformatter, frame: av.VideoFrame) -> av.VideoFrame:
    return reformatter.reformat(frame, format="yuv420p", interpolation=_HOW, threads=1)


def _samples(plane: av.video.plane.VideoPlane) -> Pixels:
    """A copy of the samples without what fills up the lines."""
    lines = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    return lines[: plane.height, : plane.width].copy()
