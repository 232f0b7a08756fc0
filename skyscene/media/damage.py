"""Which frames cannot be trusted, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import av
import av.logging
import av.video.stream
from av.video.frame import PictureType

from skyscene.media.lost_reference import FrameNumbers

_SHOWS_ONLY_WHOLE = ("h264", "hevc")
"""Decoders that keep back what they cannot build at a stream's start, and may start without a key frame."""
_LONGEST_WAIT = 40
"""Packets after which one that has brought no frame is not expected to bring one any more."""


def complaints() -> int:
    """How many errors the decoders of this process have complained of so far.

    An error that a decoder conceals, or for which it drops a frame, shows nowhere else. Nothing is printed.
    """
    if av.logging.get_level() is None:
        av.logging.set_level(av.logging.PANIC)
    return int(av.logging.get_last_error()[0])


@dataclass(frozen=True, slots=True)
class Sent:
    """A packet on its way through the decoder; its frame carries it.

    Attributes:
        number: How many packets were sent before.
        pts: Its time stamp.
    """

    number: int
    pts: int | None


@dataclass(slots=True)
class _Fault:
    """Attributes: where it lies among the packets, its time stamp, and whether a frame was marked for it."""

    place: float
    pts: int | None
    told: bool = False


class Damage:
    """Follows what the decoder met, and says of each frame whether that can be seen in it.

    A frame is doubtful from the first fault on until a key frame from which everything is built anew: what
    comes between is predicted from what was lost. At least one frame is doubtful for every fault.

    Args:
        stream: The stream that is decoded.

    Attributes:
        count: Packets that were refused or damaged, and frames that were concealed.
    """

    def __init__(self, stream: av.video.stream.VideoStream) -> None:
        context = stream.codec_context
        context.copy_opaque = True
        self._numbers = FrameNumbers(context.extradata) if context.name == "h264" else None
        self._started = context.name in _SHOWS_ONLY_WHOLE
        self._sent = 0
        self._shown = False
        self._faults: list[_Fault] = []
        self._inside: set[int] = set()
        self.count = 0

    def send(self, packet: av.Packet[Any]) -> None:
        """Takes note of a packet before it is decoded."""
        if not packet.size:
            return
        packet.opaque = Sent(self._sent, packet.pts)
        if self._numbers and self._numbers.lost_before(memoryview(packet)):
            self._add(self._sent - 0.5, None, follows=True)
        if packet.is_corrupt:
            self._add(self._sent, packet.pts)
        self._inside.add(self._sent)
        self._inside.discard(self._sent - _LONGEST_WAIT)
        self._sent += 1

    def refused(self, packet: av.Packet[Any] | None) -> None:
        """Takes note of an error: of a packet, or (none) in the file after the last one."""
        if packet is not None and packet.size:
            self._add(self._sent - 1, packet.pts)
        else:
            self._add(self._sent - 0.5, None)

    def complained_of(self, packet: av.Packet[Any]) -> None:
        """Takes note of a packet that was decoded with an error."""
        self._add(self._sent - 1, packet.pts, follows=True)

    def _add(self, place: float, pts: int | None, follows: bool = False) -> None:
        """A new fault; one that may follow from another, or from where the file begins, is not counted."""
        if not any(fault.place == place for fault in self._faults):
            self.count += not follows or (self._shown and not self._faults)
            self._faults.append(_Fault(place, pts))

    def came_out(self, frame: av.VideoFrame) -> None:
        """Takes note of a frame as soon as the decoder gives it."""
        number = self._number(frame)
        self._inside.discard(number)
        if frame.is_corrupt:
            self._add(number, frame.pts)

    def is_settled(self, frame: av.VideoFrame) -> bool:
        """Whether every frame that was sent before this one, and that it may be predicted from, came out."""
        return min(self._inside, default=self._sent) > self._number(frame)

    def _number(self, frame: av.VideoFrame) -> int:
        sent = frame.opaque
        return sent.number if isinstance(sent, Sent) else self._sent - 1

    def touches(self, frame: av.VideoFrame) -> bool:
        """Whether a settled frame is doubtful; asked of each in the order in which they are shown."""
        number = self._number(frame)
        doubtful = frame.is_corrupt
        if not self._started:
            self._started = frame.key_frame or frame.pict_type not in (PictureType.P, PictureType.B)
            doubtful |= not self._started
        if frame.key_frame and frame.pict_type in (PictureType.I, PictureType.NONE):
            doubtful |= self._start_anew(number, frame.pts) and self._shown
        self._shown = True
        # The second field of a frame is a packet of its own.
        last = number + int(frame.interlaced_frame)
        for fault in self._faults:
            # Else it is the first frame shown after the place of one that is missing.
            if fault.place <= last or (not fault.told and not _is_later(fault.pts, frame.pts)):
                fault.told = doubtful = True
        return doubtful

    def _start_anew(self, number: int, pts: int | None) -> bool:
        """Forgets the faults that lie before a key frame; whether one of them touched no frame yet."""
        past = [fault for fault in self._faults if _is_before(fault, number, pts)]
        self._faults = [fault for fault in self._faults if fault not in past]
        return not all(fault.told for fault in past)


def _is_before(fault: _Fault, number: int, pts: int | None) -> bool:
    """Whether a key frame owes nothing to what was lost: it was sent later, or is shown later."""
    return fault.place < number or (fault.place > number and _is_later(pts, fault.pts))


def _is_later(one: int | None, other: int | None) -> bool:
    """Whether one time stamp is known to come after another."""
    return one is not None and other is not None and one > other
