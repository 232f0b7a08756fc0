"""One tolerant decode of a source, every frame passed through."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any

import av
import av.error
import numpy as np
import numpy.typing as npt
import xxhash

from skyscene.errors import MediaError
from skyscene.media.damage import Damage, complaints
from skyscene.media.geometry import Size, display_size
from skyscene.media.probe import MediaLimits, nothing_in, open_video
from skyscene.media.remarks import Remarks
from skyscene.records import StreamFacts

MATRICES = {1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 9: "bt2020nc", 10: "bt2020c"}
_MOST_DEMUX_ERRORS = 100


@dataclass(frozen=True, slots=True)
class Decoded:
    """One decoded frame.

    Attributes:
        index: k: this is the k-th frame of the decode.
        pts: Time stamp in ticks of the stream's time base.
        gap: It cannot be trusted: data was lost before it or in it, or in what it is predicted from; or the
            picture's size changed.
        picture: The library's frame, as stored: not rotated, not scaled.
    """

    index: int
    pts: int
    gap: bool
    picture: av.VideoFrame

    def luma_hash(self) -> int:
        """64-bit hash of the decoded luma samples (of RGB, where there is no luma plane)."""
        samples = luma_samples(self.picture)
        if samples is None:
            return xxhash.xxh3_64_intdigest(self.picture.to_ndarray(format="rgb24").tobytes())
        return xxhash.xxh3_64_intdigest(samples.data)


class Decoder:
    """Iterates over the frames of one file, once; afterwards `facts` tells what was there.

    Args:
        path: A plain video file.
        limits: What it may cost.

    Raises:
        MediaError: It cannot be opened, or nothing in it can be decoded, or a limit is passed.
    """

    def __init__(self, path: Path, limits: MediaLimits) -> None:
        self.path = path
        self._limits = limits
        self._container, self._stream = open_video(path, limits.max_megapixels)
        self._damage = Damage(self._stream)
        self._remarks = Remarks(path, self._container, self._stream)
        self._count = 0
        self._first: av.VideoFrame | None = None
        self._first_pts = 0
        self._pts_span: tuple[int, int] | None = None

    def __enter__(self) -> Decoder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._container.close()

    @property
    def time_base(self) -> Fraction:
        """Seconds a tick of the time stamps."""
        return self._stream.time_base or Fraction(1, 1000)

    def __iter__(self) -> Iterator[Decoded]:
        pts, step = -1, 1
        size: Size | None = None
        for picture in self._settled():
            if self._limits.max_frames and self._count == self._limits.max_frames:
                most = f"media.max_frames = {self._limits.max_frames}"
                raise MediaError("too-long", f"more frames than {most}", self.path)
            here = Size(picture.width, picture.height)
            gap = self._damage.touches(picture) or (size is not None and here != size)
            size = here
            step = picture.duration or step
            pts = picture.pts if picture.pts is not None else pts + step
            self._note(picture, pts, step)
            self._remarks.see(self._count, pts, picture)
            yield Decoded(self._count, pts, gap, picture)
            self._count += 1
        if self._count == 0:
            raise nothing_in(self.path)

    def remarks(self) -> tuple[str, ...]:
        """What is odd about the file, for the user; complete once the iteration has ended."""
        return self._remarks.lines(self._damage.count)

    def _note(self, picture: av.VideoFrame, pts: int, step: int) -> None:
        if self._first is None:
            self._first = picture
        low, high = self._pts_span or (pts, pts)
        self._pts_span = (min(low, pts), max(high, pts))

    def _settled(self) -> Iterator[av.VideoFrame]:
        """The same frames in the same order, each held back until those it may be predicted from came out.

        That one of them was concealed is seen no sooner.
        """
        waiting: deque[av.VideoFrame] = deque()
        for picture in self._pictures():
            self._damage.came_out(picture)
            waiting.append(picture)
            while waiting and self._damage.is_settled(waiting[0]):
                yield waiting.popleft()
        yield from waiting

    def _pictures(self) -> Iterator[av.VideoFrame]:
        """Frames as they come; what the decoder refuses is passed over and noted."""
        packets = self._container.demux(self._stream)
        errors = 0
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except av.error.FFmpegError:
                self._damage.refused(None)
                errors += 1
                if errors > _MOST_DEMUX_ERRORS:
                    return
                packets = self._container.demux(self._stream)
                continue
            self._damage.send(packet)
            before = complaints()
            try:
                pictures = packet.decode()
            except (av.error.InvalidDataError, av.error.ArgumentError, av.error.ExternalError):
                self._damage.refused(packet)
                continue
            except av.error.EOFError:
                return
            if complaints() > before:
                self._damage.complained_of(packet)
            yield from pictures

    def facts(self) -> StreamFacts:
        """What the decode showed so far; exact once the iteration has ended.

        Raises:
            MediaError: No frame was decoded yet.
        """
        first = self._first
        if first is None or self._pts_span is None:
            raise nothing_in(self.path)
        aspect = sample_aspect(self._stream)
        seen = display_size(Size(first.width, first.height), aspect, first.rotation)
        return StreamFacts(
            frames=self._count,
            bad_packets=self._damage.count,
            width=seen.width,
            height=seen.height,
            fps=self._fps(),
            time_base=self.time_base,
            codec=self._stream.codec_context.codec.canonical_name,
            pix_fmt=first.format.name,
            rotation=first.rotation % 360,
            sample_aspect=aspect,
            colorspace=matrix_name(first),
            full_range=is_full_range(first),
        )

    def _fps(self) -> float:
        low, high = self._pts_span or (0, 0)
        if self._count > 1 and high > low:
            return round(float((self._count - 1) / ((high - low) * self.time_base)), 6)
        return round(float(self._stream.average_rate or 25), 6)


def luma_samples(picture: av.VideoFrame) -> npt.NDArray[np.uint8] | None:
    """The bytes of the luma plane, a row a line; none where there is no such plane."""
    if not picture.format.name.startswith(("yuv", "gray", "nv")):
        return None
    plane = picture.planes[0]
    wide = plane.width * (2 if picture.format.components[0].bits > 8 else 1)
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: plane.height, :wide]
    return np.ascontiguousarray(rows)


def sample_aspect(stream: Any) -> Fraction:
    """Width over height of a stored pixel; 1 where it is not given or absurd.

    >>> from types import SimpleNamespace
    >>> sample_aspect(SimpleNamespace(sample_aspect_ratio=None))
    Fraction(1, 1)
    """
    aspect = stream.sample_aspect_ratio
    if not aspect or not Fraction(1, 8) <= aspect <= 8:
        return Fraction(1)
    return Fraction(aspect)


def matrix_name(picture: av.VideoFrame) -> str:
    """The YUV matrix of a frame: as tagged, else BT.709 for HD and BT.601 for SD; "rgb" for RGB."""
    if picture.format.is_rgb or picture.format.name == "pal8":
        return "rgb"
    tagged = MATRICES.get(int(picture.colorspace))
    return tagged or ("bt709" if picture.width >= 1280 or picture.height > 576 else "smpte170m")


def is_full_range(picture: av.VideoFrame) -> bool:
    """Whether luma spans 0..255."""
    return picture.format.name.startswith("yuvj") or int(picture.color_range) == 2
