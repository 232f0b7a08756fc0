"""Opening a file safely, and what its header claims."""

from __future__ import annotations

import os
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import av.container
import av.error
import av.video.stream
from pydantic import Field

from skyscene.errors import MediaError
from skyscene.recipes import Settings

FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,mpeg,mpegvideo,avi,gif,flv,asf,ogg,ivf,mxf,"
    "h264,hevc,m4v,obu,wtv,yuv4mpegpipe,apng,webp_anim"
)
"""Containers that hold their own frames. Lists of other files (concat, HLS, DASH, SDP, image2) are not."""


class MediaLimits(Settings):
    """What a source may cost before it is given up; ``[media]`` of a recipe.

    Attributes:
        max_megapixels: Largest picture in millions of pixels.
        max_frames: Most frames that are decoded of one source; 0 for no limit.
        max_minutes: Most wall-clock minutes for one source; 0 for no limit.
        max_memory_mb: Address space of a worker in MiB; 0 for no limit.
        spool_mb: Scaled frames wait in a file of at most so many MiB until their scene is judged.
    """

    max_megapixels: float = Field(gt=0)
    max_frames: int = Field(ge=0)
    max_minutes: float = Field(ge=0)
    max_memory_mb: int = Field(ge=0)
    spool_mb: int = Field(ge=0)


@dataclass(frozen=True, slots=True)
class Probe:
    """What a header claims; only decoding shows what is true.

    Attributes:
        seconds: Duration, if the header gives one.
        width: Stored width in pixels.
        height: Stored height in pixels.
        codec: Name of the video codec.
        frames: Number of frames, 0 if the header gives none.
    """

    seconds: float | None
    width: int
    height: int
    codec: str
    frames: int


def open_video(
    path: Path, max_megapixels: float
) -> tuple[av.container.InputContainer, av.video.stream.VideoStream]:
    """The open container and its best video stream, set to decode on one thread.

    Raises:
        MediaError: Not a plain video file, without a picture, or a picture over the limit.
    """
    if not path.is_file():
        raise MediaError("missing-file", f"no file {path}")
    if path.stat().st_size == 0:
        raise MediaError("empty-file", f"{path} has no bytes")
    options = {"format_whitelist": FORMATS, "protocol_whitelist": "file"}
    try:
        # "file:" keeps a name such as "a:b.mp4" or "%03d.mp4" from being read as anything but a name.
        container = av.open(f"file:{os.path.abspath(path)}", options=options, metadata_errors="replace")
    except (av.error.FFmpegError, OSError) as error:
        raise MediaError("not-a-video", f"{path} is not a video file: {_plain(error)}") from None
    stream = _best_stream(container)
    if stream is None:
        container.close()
        raise MediaError("no-picture", f"{path} has no video stream that can be decoded")
    if stream.width * stream.height > max_megapixels * 1e6:
        size = f"{stream.width}x{stream.height}"
        container.close()
        raise MediaError("too-large", f"{path}: {size} is over media.max_megapixels = {max_megapixels:g}")
    context = stream.codec_context
    context.thread_count = 1
    stream.thread_type = "NONE"
    context.options = {"max_pixels": str(int(max_megapixels * 1e6))}
    return container, stream


def _best_stream(container: av.container.InputContainer) -> av.video.stream.VideoStream | None:
    """The largest stream that is a film and not a cover picture."""
    films = [
        stream
        for stream in container.streams.video
        if stream.codec_context is not None and not stream.disposition & av.stream.Disposition.attached_pic
    ]
    return max(films, key=lambda s: (s.width * s.height, -s.index), default=None)


def _plain(error: Exception) -> str:
    text = getattr(error, "strerror", None) or str(error)
    return str(text).partition(":")[0].lower()


def probe(path: Path, max_megapixels: float = 1000.0) -> Probe:
    """What the header of a file claims.

    Raises:
        MediaError: Not a plain video file.
    """
    container, stream = open_video(path, max_megapixels)
    with container:
        seconds = None
        if stream.duration is not None and stream.time_base is not None:
            seconds = float(stream.duration * stream.time_base)
        elif container.duration is not None:
            seconds = float(Fraction(container.duration, av.time_base))
        return Probe(seconds, stream.width, stream.height, stream.codec_context.name, stream.frames)
