"""Frames of a source once more: some spans only, each frame with the hash it had the first time."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

import av
import av.error
import numpy as np
import numpy.typing as npt

from skyscene.errors import MediaError
from skyscene.media.decode import Decoded, Decoder
from skyscene.media.picture import Planes, Scaler
from skyscene.media.probe import MediaLimits, open_video
from skyscene.records import Frames, Interval

NEAR = 256
"""Frames up to which it is as good to decode on as to seek."""
_REORDER = 16
"""A keyframe may be stored so many frames before those that are shown before it."""


class Spans:
    """Reads spans of a source whose every frame was hashed before.

    A span far ahead is sought. That counts only where it is sure to give the same frames: from a picture
    coded by itself up to the end of the span, every frame must have the time stamp and the luma hash of the
    frame it is taken for. Else, and in files with damage or without rising time stamps, frames are counted
    from the start, as the first decode did.

    Args:
        path: The source.
        limits: What it may cost.
        frames: Its columns, of the whole source.
        scale: Brings a frame to the size that is wanted.

    Attributes:
        decoded: How many frames were decoded so far.
    """

    def __init__(self, path: Path, limits: MediaLimits, frames: Frames, scale: Scaler) -> None:
        self._path, self._limits, self._scale = path, limits, scale
        self._pts, self._hashes = frames.pts, frames.luma_hash
        self._may_seek = not frames.gap.any() and bool(np.all(np.diff(frames.pts) > 0))
        self._stream: _Stream | None = None
        self._at = 0
        self._span = Interval(0, 0)
        self.decoded = 0

    def __enter__(self) -> Spans:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def read(self, span: Interval) -> list[Planes]:
        """The scaled frames of a span; spans must come in order and not overlap.

        Raises:
            MediaError: The file does not give the frames it gave the first time.
        """
        self._span = span
        if self._may_seek and span.start - self._at > NEAR:
            self._open(self._from_key(span.start), span.start)
        elif self._stream is None:
            self._open(self._from_start(), 0)
        frames = self._collect()
        if frames is None and self._may_seek:
            self._may_seek = False
            self._open(self._from_start(), 0)
            frames = self._collect()
        if frames is None:
            raise MediaError("changed", f"{self._path} does not give the frames it gave before")
        return frames

    def _collect(self) -> list[Planes] | None:
        """The span's frames from where the stream is now; none where one of them is not what it was."""
        frames: list[Planes] = []
        span = self._span
        assert self._stream is not None
        for k, picture, proven in self._stream:
            self._at = k + 1
            if k < span.start:
                continue
            if not proven or k != span.start + len(frames):
                return None
            frames.append(self._scale(picture))
            if len(frames) == span.length:
                return frames
        return None

    def _open(self, stream: _Stream, at: int) -> None:
        self._close()
        self._stream, self._at = stream, at

    def _close(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _from_start(self) -> _Stream:
        """All frames, counted; those of the span proven by their own hash."""
        with Decoder(self._path, self._limits) as decoder:
            for decoded in decoder:
                self.decoded += 1
                k = decoded.index
                wanted = k in self._span and k < len(self._hashes)
                proven = wanted and decoded.luma_hash() == int(self._hashes[k])
                yield _Numbered(k, decoded.picture, proven)

    def _from_key(self, start: int) -> _Stream:
        """Frames from a keyframe before ``start`` on, numbered by their time stamps.

        A frame is proven if it and all before it, back to one that was coded by itself, are what they were: a
        decoder that lacks something of what came before that one gives itself away by its luma.
        """
        last, proven = -1, False
        for picture in self._sought(int(self._pts[max(0, start - _REORDER)])):
            self.decoded += 1
            k = _place(self._pts, picture.pts)
            if k is None or picture.is_corrupt:
                return
            same = Decoded(k, int(picture.pts), False, picture).luma_hash() == int(self._hashes[k])
            proven = same and (bool(picture.key_frame) or (proven and k == last + 1))
            last = k
            yield _Numbered(k, picture, proven)

    def _sought(self, pts: int) -> Iterator[Any]:
        """Pictures from the keyframe before a time stamp on, up to the first fault."""
        container, stream = open_video(self._path, self._limits.max_megapixels)
        with container:
            try:
                container.seek(pts, stream=stream)
                yield from container.decode(stream)
            except av.error.FFmpegError:
                return


class _Numbered(NamedTuple):
    """A frame, its number, and whether it is sure to be that one."""

    k: int
    picture: av.VideoFrame
    proven: bool


_Stream = Generator[_Numbered, None, None]


def _place(pts: npt.NDArray[np.int64], stamp: int | None) -> int | None:
    """The number of the frame with a time stamp; none where no frame has it.

    >>> _place(np.array([0, 512, 1024]), 512), _place(np.array([0, 512, 1024]), 100)
    (1, None)
    """
    if stamp is None:
        return None
    k = int(np.searchsorted(pts, stamp))
    return k if k < len(pts) and int(pts[k]) == stamp else None
