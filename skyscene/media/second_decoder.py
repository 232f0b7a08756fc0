"""Decoding with another program than the build used, to check it: the ffmpeg that imageio-ffmpeg carries."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import av
import av.error
import ffmpeg
import imageio_ffmpeg
import numpy as np
from av.video.reformatter import ColorRange

from skyscene.errors import MediaError
from skyscene.media.decode import MATRICES, Decoded
from skyscene.media.geometry import Size
from skyscene.media.picture import Planes
from skyscene.media.probe import FORMATS, MediaLimits, open_video

_RATE = Fraction(25)
"""The pipe's own; frames come numbered."""
_TAG = re.compile(rb"\b(cl|color_range|color_space):(\w+)")
_RANGES = {"tv": int(ColorRange.MPEG), "pc": int(ColorRange.JPEG)}
_NUMBERS = {name: number for number, name in MATRICES.items()}
_SHOWN = re.compile(rb"\bn: *\d+ .*? s:(\d+)x(\d+) ")

PLAIN = MediaLimits(max_megapixels=100, max_frames=0, max_minutes=0, max_memory_mb=0, spool_mb=0)
"""For files of our own making."""


@dataclass(frozen=True, slots=True)
class _Tags:
    """Colours as a program reads them in a file: numbers of ITU-T H.273, and where chroma lies.

    Attributes:
        matrix: 0 where it is not given.
        range: 1 limited, 2 full, 0 where it is not given.
        chroma: Its location's name.
    """

    matrix: int = 0
    range: int = 0
    chroma: str = "unspecified"


class SecondDecoder:
    """Iterates over the frames of a file as a process of another program decodes them.

    Every frame is passed through as it is: no frame is dropped or repeated for the sake of a rate, none is
    turned, scaled or converted. What the program refuses is passed over, as in `Decoder`. Time stamps do
    not come through.

    Args:
        path: A plain video file.
        limits: What it may cost.
        tagged: Whether the frames are tagged with the colours that the program reads in the file.

    Raises:
        MediaError: It cannot be opened, or the program fails.
    """

    def __init__(self, path: Path, limits: MediaLimits, tagged: bool = False) -> None:
        self.path = path
        self._tagged = tagged
        self._limits = limits
        container, stream = open_video(path, limits.max_megapixels)
        self._index = stream.index
        container.close()
        self._open = ExitStack()

    def __enter__(self) -> SecondDecoder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def __iter__(self) -> Iterator[Decoded]:
        with self._open:
            errors = self._open.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
            reading, writing = os.pipe()
            try:
                # Numbered, so that the numbers tell where the program sets itself up anew for another size.
                frames = self._input().filter("settb", 1 / _RATE).filter("setpts", "N")
                process = self._start(
                    _output(frames, f"pipe:{writing}", format="nut", vcodec="rawvideo"), errors, (writing,)
                )
            finally:
                os.close(writing)
            self._open.callback(os.close, reading)
            yield from self._frames(reading)
            if process.wait():
                raise MediaError("undecodable", _last_line(errors), self.path)

    def _input(self) -> ffmpeg.nodes.FilterableStream:
        options: dict[str, Any] = {"max_error_rate": 1, "noautorotate": None, "threads": 1}
        options |= {"format_whitelist": FORMATS, "protocol_whitelist": "file"}
        return ffmpeg.input(f"file:{self.path.resolve()}", **options)[str(self._index)]

    def _start(
        self,
        command: ffmpeg.nodes.OutputStream,
        errors: IO[bytes],
        keep: tuple[int, ...],
        talk: str = "error",
    ) -> subprocess.Popen[bytes]:
        words = command.global_args("-v", talk, "-nostdin", "-nostats", "-hide_banner")
        process = subprocess.Popen(
            words.compile(cmd=imageio_ffmpeg.get_ffmpeg_exe()),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            pass_fds=keep,
        )
        # Closing the pipe ends it; killing is for a caller who goes away in the middle.
        self._open.callback(process.wait)
        self._open.callback(process.kill)
        return process

    def _frames(self, pipe: int) -> Iterator[Decoded]:
        """What comes out of the pipe."""
        count = 0
        tags = self._tags() if self._tagged else _Tags()
        sizes: list[Size] | None = None
        raw: av.VideoCodecContext | None = None
        try:
            with av.open(f"pipe:{pipe}", format="nut", options={"protocol_whitelist": "pipe"}) as container:
                stream = container.streams.video[0]
                for packet in container.demux(stream):
                    if not packet.size:
                        continue
                    if sizes is None and _RATE * (packet.pts or 0) * packet.time_base != count:
                        sizes = self._sizes()
                    size = sizes[count] if sizes else Size(stream.width, stream.height)
                    if raw is None or (raw.width, raw.height) != (size.width, size.height):
                        raw = _raw(size, stream.codec_context, tags)
                    (picture,) = raw.decode(packet)
                    picture.color_range = tags.range or picture.color_range
                    picture.colorspace = tags.matrix or picture.colorspace
                    yield Decoded(count, count, False, picture)
                    count += 1
        except (av.error.FFmpegError, IndexError, ValueError) as error:
            if count or not isinstance(error, av.error.FFmpegError):
                what = f"the second decoder's pipe broke: {error}"
                raise MediaError("undecodable", what, self.path) from None

    def _sizes(self) -> list[Size]:
        """The size of every frame: the pipe does not tell where it changes."""
        found = (_SHOWN.search(line) for line in self._said_of_frames())
        return [Size(int(match[1]), int(match[2])) for match in found if match]

    def _tags(self) -> _Tags:
        """The colours of the first frame: the pipe does not tell them."""
        said = b" ".join(self._said_of_frames(vframes="1"))
        found = {key: value.decode() for key, value in _TAG.findall(said)}
        return _Tags(
            matrix=_NUMBERS.get(found.get(b"color_space", ""), 0),
            range=_RANGES.get(found.get(b"color_range", ""), 0),
            chroma=found.get(b"cl", "unspecified"),
        )

    def _said_of_frames(self, **options: str) -> list[bytes]:
        """What the program says of the frames, in a run of its own."""
        with tempfile.TemporaryFile() as said:
            shown = self._input().filter("showinfo", checksum=0)
            self._start(_output(shown, "-", format="null", **options), said, (), talk="info").wait()
            said.seek(0)
            return [line for line in said if b"showinfo" in line]


def second_decode(path: Path, size: Size) -> Iterator[Planes]:
    """The frames of a clip as planes, decoded in a process of their own, every frame passed through.

    Args:
        path: A YUV 4:2:0 file.
        size: The size its frames must have.

    Raises:
        MediaError: The program fails, or the file's frames are of another size or kind.
    """
    with SecondDecoder(path, PLAIN) as decoder:
        for decoded in decoder:
            picture = decoded.picture
            seen = Size(picture.width, picture.height)
            if picture.format.name != "yuv420p" or seen != size:
                kind = f"{picture.format.name} of {seen}"
                raise MediaError("undecodable", f"holds {kind}, not yuv420p of {size}", path)
            yield np.asarray(picture.to_ndarray(), np.uint8)


def _output(frames: ffmpeg.nodes.FilterableStream, where: str, **options: str) -> ffmpeg.nodes.OutputStream:
    plain = {"fps_mode": "passthrough", "noautoscale": None, "enc_time_base": f"1:{_RATE}", "threads": 1}
    return ffmpeg.output(frames, where, **plain, **options)


def _raw(size: Size, like: av.VideoCodecContext, tags: _Tags) -> av.VideoCodecContext:
    """A reader of raw frames of one size."""
    raw = av.VideoCodecContext.create("rawvideo", "r")
    raw.options = {"chroma_sample_location": tags.chroma}
    raw.width, raw.height, raw.pix_fmt = size.width, size.height, like.pix_fmt
    return raw


def _last_line(errors: IO[bytes]) -> str:
    errors.seek(0)
    lines = errors.read()[-2000:].decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "the second decoder failed"
