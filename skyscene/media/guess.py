"""What a file is that cannot be opened as a video, by its first bytes; only to say so."""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import BinaryIO

_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89PNG", "a PNG picture"),
    (b"BM", "a BMP picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"ID3", "a sound file (MP3)"),
    (b"fLaC", "a sound file (FLAC)"),
    (b"#EXTM3U", "a playlist (HLS)"),
    (b"ffconcat version", "a list of files (ffconcat)"),
    (b"v=0", "the description of a stream (SDP)"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)
_KINDS_OF_RIFF = {b"WAVE": "a sound file (WAV)", b"WEBP": "a WebP picture"}
_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"styp", b"sidx", b"moof", b"uuid"})
_LOOKED_AT = 4096
_MOST_BOXES = 10_000


def guess(path: Path) -> str:
    """A few words on what a file seems to be.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(_LOOKED_AT)
    if head[4:8] in _BOXES:
        return "an MP4 file with a damaged index"
    if not head.strip(b"\x00"):
        return "it begins with nothing but zeros: a copy or download that did not end"
    kind = _kind(head) or _kind_of_text(head)
    return f"{kind}, not a video" if kind else "no video format that is known"


def _kind(head: bytes) -> str | None:
    for beginning, words in _BEGINNINGS:
        if head.startswith(beginning):
            return words
    return _KINDS_OF_RIFF.get(head[8:12]) if head.startswith(b"RIFF") else None


def _kind_of_text(head: bytes) -> str | None:
    """Which kind of text it is; none where it is no text."""
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:
            return None
        text = head[: error.start].decode("utf-8-sig")
    if any(not (character.isprintable() or character.isspace()) for character in text):
        return None
    start = text.lstrip()[:200].lower()
    if start.startswith(("<!doctype html", "<html")):
        return "a web page (HTML)"
    if "<mpd" in start:
        return "a playlist (DASH)"
    return "a text file"


def is_cut_off(path: Path) -> bool:
    """Whether an MP4 or QuickTime file ends inside a box, or before the box that holds its index.

    Raises:
        OSError: It cannot be read.
    """
    size = os.path.getsize(path)
    with path.open("rb") as file:
        if file.read(8)[4:] not in _BOXES:
            return False
        return _ends_early(file, size)


def _ends_early(file: BinaryIO, size: int) -> bool:
    at, indexed = 0, False
    for _ in range(_MOST_BOXES):
        file.seek(at)
        head = file.read(16)
        length, kind = struct.unpack(">I4s", head[:8]) if len(head) >= 8 else (0, b"")
        if kind not in _BOXES or length == 0:  # the end, or something behind it, or a box up to the end
            break
        indexed |= kind in (b"moov", b"moof")
        if length == 1 and len(head) == 16:
            length = struct.unpack(">Q", head[8:])[0]
        at += max(8, length)
        if at > size:
            return True
    return not indexed
