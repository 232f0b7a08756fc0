"""Clips as H.264 files that any player shows, the same bytes for the same frames."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Literal

import av
import av.error
from av.video.reformatter import ColorRange
from pydantic import Field

from skyscene.errors import MediaError
from skyscene.media.geometry import Size
from skyscene.media.picture import Planes, to_frame
from skyscene.recipes import Settings

# The numbers of ITU-T H.273 (matrix, primaries, transfer) by the matrix's name.
_TAGS = {
    "bt709": (1, 1, 1),
    "fcc": (4, 4, 4),
    "bt470bg": (5, 5, 6),
    "smpte170m": (6, 6, 6),
    "smpte240m": (7, 7, 7),
    "bt2020nc": (9, 9, 14),
    "bt2020c": (10, 9, 14),
}


class ClipSettings(Settings):
    """How kept clips are written; ``[clips]`` of a recipe.

    Attributes:
        long_side: Longest side in pixels; smaller pictures keep their size.
        crf: Quality of x264, 0 (lossless) to 51; lower is better and larger.
        preset: Speed of x264.
    """

    long_side: int = Field(ge=16, le=16384)
    crf: int = Field(ge=0, le=51)
    preset: Literal["ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow"]


def encode_clip(
    path: Path, frames: Iterable[Planes], size: Size, fps: float, matrix: str, settings: ClipSettings
) -> None:
    """Writes an mp4 with these frames, in this order, at a constant rate.

    One encoder thread and no processor-specific choices: the same frames give the same bytes.

    Raises:
        MediaError: The encoder refuses.
        OSError: The disk is full or may not be written.
    """
    # A frame an hour is a rate, too; the file's has a limit.
    rate = max(Fraction(fps).limit_denominator(1001), Fraction(1, 1001))
    try:
        # "bitexact" keeps the muxer's version out of the file; "faststart" lets a browser play it at once.
        with av.open(
            str(path), "w", format="mp4", options={"fflags": "+bitexact", "movflags": "+faststart"}
        ) as container:
            stream = container.add_stream("libx264", rate=rate)
            stream.width, stream.height, stream.pix_fmt = size.width, size.height, "yuv420p"
            context = stream.codec_context
            context.time_base = 1 / rate
            context.thread_count = 1
            context.options = {
                "preset": settings.preset,
                "crf": str(settings.crf),
                "flags": "+bitexact",
                "x264-params": "threads=1:lookahead-threads=1:cpu-independent=1",
            }
            matrix_number, primaries, transfer = _TAGS[matrix]
            context.colorspace = matrix_number
            context.color_primaries = primaries
            context.color_trc = transfer
            context.color_range = ColorRange.MPEG
            for index, planes in enumerate(frames):
                frame = to_frame(planes)
                frame.pts, frame.time_base = index, context.time_base
                frame.color_range, frame.colorspace = ColorRange.MPEG, matrix_number
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    except av.error.FFmpegError as error:
        if isinstance(error, OSError):  # the disk's fault, not the clip's
            raise
        raise MediaError("encode", f"the encoder failed: {error.strerror}") from error
