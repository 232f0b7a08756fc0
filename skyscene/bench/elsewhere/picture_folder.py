"""A clip as a folder of pictures, a frame a file, in the order in which people count."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from skyscene.bench.elsewhere.clip_form import MOST_SIDE, ClipForm, Kind, Pixels, Seen, Unfit
from skyscene.bench.elsewhere.names import PICTURES, is_ignored
from skyscene.errors import MediaError
from skyscene.media import PictureHeader, picture_header, read_picture


def pictures(folder: Path) -> list[Path]:
    """The pictures in a folder: ``2.png`` comes before ``10.png``.

    Raises:
        OSError: It cannot be read.
    """
    found = [path for path in folder.iterdir() if path.suffix.lower() in PICTURES]
    return sorted((path for path in found if not is_ignored(path.name)), key=lambda path: _natural(path.name))


def _natural(name: str) -> tuple[list[str | int], str]:
    parts = re.split("([0-9]+)", name)
    return [int(part) if place % 2 else part for place, part in enumerate(parts)], name


def look(folder: Path, frames: int) -> Seen:
    """What the headers say.

    Raises:
        Unfit: One is damaged, or has another size than the first.
    """
    try:
        files = pictures(folder)
    except OSError as error:
        raise Unfit(Kind.UNREADABLE, error.strerror or str(error)) from None
    if not files:
        raise Unfit(Kind.LENGTH, "no picture")
    headers = [_header(path) for path in files[:frames]]
    first = headers[0]
    for path, header in zip(files, headers, strict=False):
        if (header.width, header.height) != (first.width, first.height):
            sizes = f"{header.width}x{header.height}, {files[0].name} {first.width}x{first.height}"
            raise Unfit(Kind.SIZE, f"{path.name} has {sizes}")
    return Seen(len(files), first.height, first.width, lossy=any(header.lossy for header in headers))


def _header(path: Path) -> PictureHeader:
    try:
        header = picture_header(path)
    except MediaError as error:
        raise Unfit(Kind.UNREADABLE, f"{path.name}: {error.message}") from None
    if header.bits > 8:
        raise Unfit(Kind.ARRAY, f"{path.name}: {header.bits} bits a channel, must be 8")
    if max(header.width, header.height) > MOST_SIDE:
        raise Unfit(
            Kind.SIZE, f"{path.name}: {header.width}x{header.height} is over {MOST_SIDE} pixels a side"
        )
    return header


def read(folder: Path) -> Pixels:
    """The clip, uint8 (t, h, w, 3).

    Raises:
        Unfit: A picture cannot be decoded, or they are not of one size.
    """
    try:
        return np.stack([read_picture(path) for path in pictures(folder)])
    except MediaError as error:
        raise Unfit(Kind.UNREADABLE, str(error)) from None
    except (OSError, ValueError) as error:
        raise Unfit(Kind.UNREADABLE, str(error)) from None


PICTURE_FOLDER = ClipForm(look, read, pictures)
