"""What is odd about a file that could be decoded all the same: told to the user, never decided on."""

from __future__ import annotations

from pathlib import Path

import av
import av.container
import av.video.stream

from skyscene.media.guess import is_cut_off
from skyscene.media.probe import claimed_seconds, films

_SLACK_SECONDS = 2.0
_SLACK_SHARE = 0.05


class Remarks:
    """Watches the frames of one decode pass.

    Args:
        path: The file.
        container: The same, open.
        stream: The stream that is decoded.
    """

    def __init__(
        self, path: Path, container: av.container.InputContainer, stream: av.video.stream.VideoStream
    ) -> None:
        self._path = path
        self._claimed = claimed_seconds(container, stream)
        self._films = len(films(container))
        self._tick = float(stream.time_base or 0)
        self._size = (0, 0)
        self._resized: str | None = None
        self._interlaced = False
        self._stamps: tuple[int, int, int] | None = None
        self._back = 0
        self._step = 0

    def see(self, index: int, pts: int, picture: av.VideoFrame) -> None:
        """Takes a frame in."""
        size = (picture.width, picture.height)
        if self._stamps is None:
            self._size, self._interlaced, self._stamps = size, picture.interlaced_frame, (pts, pts, pts)
        low, high, last = self._stamps
        self._back += pts < last
        self._stamps = min(low, pts), max(high, pts), pts
        self._step = picture.duration or self._step
        if size != self._size and self._resized is None:
            self._resized = f"frame {index} has another size than those before, {size[0]}x{size[1]}"

    def lines(self, bad: int) -> tuple[str, ...]:
        """What there is to say once the decode has ended.

        Args:
            bad: Packets that were refused and frames that were concealed.
        """
        found = []
        cut_off = is_cut_off(self._path)
        if cut_off:
            found.append("the file is cut off, what is left of it is used")
        if bad:
            what, them = ("packets or frames are", "them") if bad > 1 else ("packet or frame is", "it")
            found.append(f"{bad} {what} damaged, no clip touches {them}")
        if self._claimed is not None and self._stamps is not None and not cut_off:
            came = (self._stamps[1] - self._stamps[0] + self._step) * self._tick
            if abs(came - self._claimed) > max(_SLACK_SECONDS, _SLACK_SHARE * self._claimed):
                found.append(f"its header claims {self._claimed:.1f} s, its frames last {came:.1f} s")
        if self._films > 1:
            found.append(f"it has {self._films} video streams, the largest is used")
        if self._resized:
            found.append(f"{self._resized}, no clip crosses it")
        if self._interlaced:
            found.append("its frames are interlaced, what moves may show combs")
        if self._back:
            found.append(f"{self._back} of its time stamps go back, frames count as they are decoded")
        return tuple(found)
