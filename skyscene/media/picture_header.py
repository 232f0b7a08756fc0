"""What a PNG or JPEG file says of itself, and whether it is there to its end; nothing is decoded."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

from skyscene.errors import MediaError

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Segments that begin a picture (SOF): the others of this range are tables."""
_JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers without a length."""


@dataclass(frozen=True, slots=True)
class PictureHeader:
    """Attributes: sizes in pixels, bits a channel, and whether the format loses something."""

    width: int
    height: int
    bits: int
    lossy: bool


def picture_header(path: Path) -> PictureHeader:
    """The header of a picture that is whole: of a PNG, every checksum is right.

    Raises:
        MediaError: It cannot be read, is neither PNG nor JPEG, or is damaged or cut off.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise MediaError("unreadable", f"cannot be read: {error.strerror}", path) from None
    if not data:
        raise MediaError("empty-file", "the file is empty", path)
    try:
        if data.startswith(_PNG):
            return _png(data)
        if data.startswith(_JPEG):
            return _jpeg(data)
    except (struct.error, IndexError, ValueError):
        raise MediaError("truncated", "the picture is damaged or cut off", path) from None
    raise MediaError("no-picture", "neither a PNG nor a JPEG picture", path)


def _png(data: bytes) -> PictureHeader:
    at = len(_PNG)
    kinds: list[bytes] = []
    while not kinds or kinds[-1] != b"IEND":
        length, kind = struct.unpack_from(">I4s", data, at)
        (checksum,) = struct.unpack_from(">I", data, at + 8 + length)
        if zlib.crc32(data[at + 4 : at + 8 + length]) != checksum:
            raise ValueError("checksum")
        kinds.append(kind)
        at += 12 + length
    if kinds[0] != b"IHDR" or b"IDAT" not in kinds:
        raise ValueError("no picture in it")
    width, height, bits = struct.unpack_from(">IIB", data, len(_PNG) + 8)
    return PictureHeader(width, height, bits, lossy=False)


def _jpeg(data: bytes) -> PictureHeader:
    # Some writers fill up with zeros; without the end's mark, the lower part would come out grey.
    if not data.rstrip(b"\0").endswith(b"\xff\xd9"):
        raise ValueError("no end")
    at = 2
    while True:
        if data[at] != 0xFF:
            raise ValueError("no marker")
        mark = data[at + 1]
        if mark in _JPEG_SIZES:
            bits, height, width = struct.unpack_from(">BHH", data, at + 4)
            return PictureHeader(width, height, bits, lossy=True)
        if mark == 0xFF:
            at += 1
        elif mark in _JPEG_BARE:
            at += 2
        else:
            at += 2 + struct.unpack_from(">H", data, at + 2)[0]
