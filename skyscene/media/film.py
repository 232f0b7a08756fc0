"""Whole films from RGB frames, for rendered sources and for tests."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import av.error
import numpy as np
import numpy.typing as npt
from av.video.reformatter import ColorRange, Colorspace, Interpolation

from skyscene.errors import MediaError


def write_film(
    path: Path,
    frames: Iterable[npt.NDArray[np.uint8]],
    fps: float = 30.0,
    crf: int = 16,
    preset: str = "veryfast",
) -> int:
    """Writes an H.264 mp4 of RGB frames, BT.709, with B-frames as downloads have them.

    Args:
        path: Where to write.
        frames: uint8, (height, width, 3), all of one even size.
        fps: Frames a second.
        crf: Quality of x264, 0 (lossless) to 51.
        preset: Speed of x264.

    Returns:
        How many frames were written.

    Raises:
        MediaError: No frame came, or the encoder refuses.
        OSError: The disk is full or may not be written.
    """
    count = 0
    rate = Fraction(fps).limit_denominator(1001)
    try:
        with av.open(str(path), "w", format="mp4", options={"fflags": "+bitexact"}) as container:
            stream = container.add_stream("libx264", rate=rate)
            stream.pix_fmt = "yuv420p"
            stream.codec_context.options = {
                "preset": preset,
                "crf": str(crf),
                "x264-params": "threads=1:lookahead-threads=1:cpu-independent=1",
            }
            stream.codec_context.colorspace = 1
            stream.codec_context.color_primaries = 1
            stream.codec_context.color_trc = 1
            stream.codec_context.color_range = ColorRange.MPEG
            for rgb in frames:
                if count == 0:
                    stream.height, stream.width = rgb.shape[:2]
                frame = av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(
                    format="yuv420p",
                    dst_colorspace=Colorspace.ITU709,
                    src_color_range=ColorRange.JPEG,
                    dst_color_range=ColorRange.MPEG,
                    interpolation=Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.BITEXACT,
                    threads=1,
                )
                frame.pts, frame.time_base = count, 1 / rate
                container.mux(stream.encode(frame))
                count += 1
            if count:
                container.mux(stream.encode(None))
    except av.error.FFmpegError as error:
        if isinstance(error, OSError):  # the disk's fault, not the film's
            raise
        raise MediaError("encode", f"{path}: the encoder failed: {error.strerror}") from error
    if not count:
        raise MediaError("encode", f"{path}: no frame came to be written")
    return count
