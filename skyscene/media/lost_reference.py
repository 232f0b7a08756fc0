"""H.264 pictures that were lost: each picture counts the reference pictures before it.

The decoder fills such a hole with an older picture and says nothing.
"""

from __future__ import annotations

_IDR, _SPS, _PPS = 5, 7, 8
_SLICES = (1, 2, 5)
_WITH_CHROMA = {100, 110, 122, 244, 44, 83, 86, 118, 128, 134, 135, 138, 139}
_LOOKED_AT = 8192
"""Bytes of a packet without NAL sizes that are searched; its first slice lies behind small units only."""


class FrameNumbers:
    """Follows ``frame_num`` through the packets of one stream.

    What cannot be read is passed over: then nothing is said to be lost.

    Args:
        extradata: The stream's header, with or without NAL sizes.
    """

    def __init__(self, extradata: bytes | None) -> None:
        self._size_bytes = 0
        self._counters: dict[int, tuple[int, int, bool]] = {}
        self._parameters: dict[int, int] = {}
        self._before: int | None = None
        header = extradata or b""
        if header[:1] == b"\x01" and len(header) > 6:
            self._size_bytes = (header[4] & 3) + 1
            self._read_sets(_sets(header))
        else:
            self._read_sets(_between_start_codes(header))

    def lost_before(self, packet: memoryview) -> bool:
        """Whether reference pictures are missing between the packet before and this one."""
        try:
            return self._follow(packet)
        except (ValueError, IndexError, KeyError):
            self._before = None
            return False

    def _follow(self, packet: memoryview) -> bool:
        units = self._units(packet)
        slices = [unit for unit in units if unit and unit[0] & 31 in _SLICES]
        if len(slices) < len(units):
            self._read_sets(units)
        if not slices:
            return False
        first = slices[0]
        number, most, may_skip = self._number(first)
        before, is_reference = self._before, bool(first[0] & 0x60)
        if first[0] & 31 == _IDR:
            self._before = 0
            return False
        self._before = number if is_reference else (number - 1) % most
        if before is None or may_skip:
            self._before = self._before if is_reference else before
            return False
        lost = number not in (before, (before + 1) % most)
        if not lost and not is_reference:
            self._before = before
        return lost

    def _units(self, packet: memoryview) -> list[bytes]:
        """The first bytes of each unit, or what lies between start codes."""
        if not self._size_bytes:
            return _between_start_codes(bytes(packet[:_LOOKED_AT]))
        units, at, wide = [], 0, self._size_bytes
        while at + wide < len(packet):
            size = int.from_bytes(packet[at : at + wide], "big")
            kind = packet[at + wide] & 31
            # Of a slice only the header is needed, of parameter sets all.
            units.append(bytes(packet[at + wide : at + wide + (min(size, 64) if kind in _SLICES else size)]))
            if kind in _SLICES:
                break
            at += wide + size
        return units

    def _read_sets(self, units: list[bytes]) -> None:
        for unit in units:
            kind = unit[0] & 31 if unit else 0
            if kind == _SPS:
                name, counter = _sequence(unit)
                self._counters[name] = counter
            elif kind == _PPS:
                bits = _Bits(unit[1:32])
                picture = bits.ue()
                self._parameters[picture] = bits.ue()

    def _number(self, unit: bytes) -> tuple[int, int, bool]:
        """``frame_num`` of a slice, where it wraps, and whether numbers may be skipped."""
        bits = _Bits(unit[1:64])
        bits.ue(), bits.ue()
        width, planes, may_skip = self._counters[self._parameters[bits.ue()]]
        bits.u(planes)
        return bits.u(width), 1 << width, may_skip


class _Bits:
    """Reads a unit's payload bit by bit."""

    def __init__(self, data: bytes) -> None:
        # Bytes that only keep start codes from appearing by chance.
        data = data.replace(b"\0\0\3", b"\0\0")
        self._value = int.from_bytes(data, "big")
        self._left = len(data) * 8

    def u(self, count: int) -> int:
        """An unsigned number of so many bits."""
        if count > self._left:
            raise ValueError("the unit ends early")
        self._left -= count
        return self._value >> self._left & ((1 << count) - 1)

    def ue(self) -> int:
        """An unsigned Exp-Golomb number."""
        zeros = self._left - (self._value & ((1 << self._left) - 1)).bit_length()
        self.u(zeros)
        return self.u(zeros + 1) - 1

    def se(self) -> int:
        """A signed Exp-Golomb number."""
        value = self.ue()
        return -(value // 2) if value % 2 == 0 else value // 2 + 1


def _sequence(unit: bytes) -> tuple[int, tuple[int, int, bool]]:
    """Of a sequence parameter set: id, width of ``frame_num``, bits of a plane's id, whether it may skip."""
    bits = _Bits(unit[1:])
    profile = bits.u(8)
    bits.u(16)
    name, planes = bits.ue(), 0
    if profile in _WITH_CHROMA:
        chroma = bits.ue()
        planes = 2 if chroma == 3 and bits.u(1) else 0
        bits.ue(), bits.ue(), bits.u(1)
        if bits.u(1):
            for index in range(12 if chroma == 3 else 8):
                _skip_scaling(bits, 16 if index < 6 else 64)
    width = bits.ue() + 4
    order = bits.ue()
    if order == 0:
        bits.ue()
    elif order == 1:
        bits.u(1), bits.se(), bits.se()
        for _ in range(bits.ue()):
            bits.se()
    bits.ue()
    return name, (width, planes, bool(bits.u(1)))


def _skip_scaling(bits: _Bits, count: int) -> None:
    if not bits.u(1):
        return
    last = following = 8
    for _ in range(count):
        if following:
            following = (last + bits.se()) % 256
        last = following or last


def _sets(header: bytes) -> list[bytes]:
    """The parameter sets of an avcC header."""
    units, at = [], 5
    for mask in (31, 255):
        count, at = header[at] & mask, at + 1
        for _ in range(count):
            size = int.from_bytes(header[at : at + 2], "big")
            units.append(header[at + 2 : at + 2 + size])
            at += 2 + size
        if at >= len(header):
            break
    return units


def _between_start_codes(data: bytes) -> list[bytes]:
    return [unit.rstrip(b"\0") for unit in data.split(b"\0\0\1")[1:]]
