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
from skyscene.media.guess import guess, is_cut_off
from skyscene.recipes import Settings

FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,mpeg,mpegvideo,avi,gif,flv,asf,ogg,ivf,mxf,"
    "h264,hevc,m4v,obu,wtv,yuv4mpegpipe,apng,webp_anim"
)
"""Containers that hold their own frames. Lists of other files (concat, HLS, DASH, SDP, image2) are not."""

CUT_OFF = "the file is cut off, and nothing in it can be read: copy or fetch it again"


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
        raise MediaError("missing-file", "no such file", path)
    if path.stat().st_size == 0:
        raise MediaError("empty-file", "the file is empty", path)
    options = {"format_whitelist": FORMATS, "protocol_whitelist": "file"}
    try:
        # "file:" keeps a name such as "a:b.mp4" or "%03d.mp4" from being read as anything but a name.
        container = av.open(f"file:{os.path.abspath(path)}", options=options, metadata_errors="replace")
    except MemoryError:
        raise
    except (av.error.FFmpegError, OSError) as error:
        raise _refusal(path, error) from None
    stream = _best_stream(container)
    if stream is None:
        heard = bool(container.streams.audio)
        container.close()
        raise _without_picture(path, heard)
    if stream.width * stream.height > max_megapixels * 1e6:
        size = f"{stream.width}x{stream.height}"
        container.close()
        raise MediaError("too-large", f"{size} is over media.max_megapixels = {max_megapixels:g}", path)
    context = stream.codec_context
    context.thread_count = 1
    stream.thread_type = "NONE"
    context.options = {"max_pixels": str(int(max_megapixels * 1e6))}
    return container, stream


def _best_stream(container: av.container.InputContainer) -> av.video.stream.VideoStream | None:
    """The largest film."""
    return max(films(container), key=lambda s: (s.width * s.height, -s.index), default=None)


def films(container: av.container.InputContainer) -> list[av.video.stream.VideoStream]:
    """The video streams that can be decoded and are no cover pictures."""
    return [
        stream
        for stream in container.streams.video
        if stream.codec_context is not None and not stream.disposition & av.stream.Disposition.attached_pic
    ]


def claimed_seconds(
    container: av.container.InputContainer, stream: av.video.stream.VideoStream
) -> float | None:
    """The duration in the header, if there is one."""
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    if container.duration is not None:
        return float(Fraction(container.duration, av.time_base))
    return None


def _refusal(path: Path, error: Exception) -> MediaError:
    """Why a file cannot be opened, by a look at its bytes."""
    try:
        if is_cut_off(path):
            return MediaError("truncated", CUT_OFF, path)
        return MediaError("not-a-video", guess(path), path)
    except OSError as unreadable:
        return MediaError("unreadable", f"cannot be read: {unreadable.strerror or error}", path)


def _without_picture(path: Path, heard: bool) -> MediaError:
    if not heard and is_cut_off(path):
        return MediaError("truncated", CUT_OFF, path)
    what = "sound without a picture" if heard else "no video stream that can be decoded"
    return MediaError("no-picture", what, path)


def nothing_in(path: Path) -> MediaError:
    """The error for a file that opens, and of which nothing can be decoded."""
    if is_cut_off(path):
        return MediaError("truncated", CUT_OFF, path)
    return MediaError("undecodable", "no frame can be decoded", path)


def probe(path: Path, max_megapixels: float = 1000.0) -> Probe:
    """What the header of a file claims.

    Raises:
        MediaError: Not a plain video file.
    """
    container, stream = open_video(path, max_megapixels)
    with container:
        seconds = claimed_seconds(container, stream)
        codec = stream.codec_context.codec.canonical_name
        return Probe(seconds, stream.width, stream.height, codec, stream.frames)
