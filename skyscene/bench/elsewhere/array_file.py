"""A clip as `np.save` writes it. Nothing is unpickled, and a look reads the header only."""

from __future__ import annotations

import math
import os
import warnings
from pathlib import Path
from typing import BinaryIO

import numpy as np

from skyscene.bench.elsewhere.clip_form import MOST_SIDE, ClipForm, Kind, Pixels, Seen, Unfit

_HEADERS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
_ABSURD = 1 << 48
"""No axis is longer; a header may say so in hexadecimal, and Python refuses to print it."""


def look(path: Path, frames: int) -> Seen:
    """What the header says, once it fits the file's length.

    Raises:
        Unfit: No array, another type or order of axes, or cut off.
    """
    try:
        with path.open("rb") as file:
            shape, dtype = _header(file)
            begin, end = file.tell(), os.fstat(file.fileno()).st_size
    except OSError as error:
        raise Unfit(Kind.UNREADABLE, error.strerror or str(error)) from None
    _check_kind(shape, dtype, frames)
    if end - begin != math.prod(shape):
        what = "cut off" if end - begin < math.prod(shape) else "too long"
        raise Unfit(
            Kind.UNREADABLE, f"{what}: {end - begin} bytes of pixels where {shape} has {math.prod(shape)}"
        )
    if max(shape[1:3]) > MOST_SIDE:
        raise Unfit(Kind.SIZE, f"{shape[2]}x{shape[1]} is over {MOST_SIDE} pixels a side")
    return Seen(shape[0], shape[1], shape[2], lossy=False)


def _header(file: BinaryIO) -> tuple[tuple[int, ...], np.dtype[np.generic]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # one for what Python 2 wrote
        try:
            version = np.lib.format.read_magic(file)
            shape, _, dtype = _HEADERS[version](file)
        except OSError:
            raise
        except Exception:  # whatever a made-up header can raise on its way through Python's own parser
            raise Unfit(Kind.UNREADABLE, "no .npy file that np.save writes of a uint8 array") from None
    if not all(0 <= length < _ABSURD for length in shape):
        raise Unfit(Kind.UNREADABLE, "its header gives lengths that no file has")
    return shape, dtype


def _check_kind(shape: tuple[int, ...], dtype: np.dtype[np.generic], frames: int) -> None:
    if dtype.hasobject:
        raise Unfit(Kind.ARRAY, "Python objects, which are never loaded: save a uint8 array")
    if dtype.kind == "f":
        raise Unfit(Kind.ARRAY, f"{dtype}: bring it to [0, 1], multiply by 255, round, .astype(np.uint8)")
    if dtype != np.uint8:
        raise Unfit(Kind.ARRAY, f"{dtype}: must be uint8, 0 to 255")
    if len(shape) == 4 and shape[3] == 3:
        return
    cure = "one clip a file, (frames, height, width, 3)"
    if len(shape) == 4 and shape[1] == 3:
        cure = "the channels stand before the pixels: np.moveaxis(clip, 1, -1)"
    elif len(shape) == 4 and shape[:2] == (3, frames):
        cure = "the channels stand first: np.moveaxis(clip, 0, -1)"
    raise Unfit(Kind.ARRAY, f"{shape}: {cure}")


def read(path: Path) -> Pixels:
    """The clip, uint8 (t, h, w, 3).

    Raises:
        Unfit: As `look`.
    """
    look(path, 0)
    try:
        return np.ascontiguousarray(np.load(path, allow_pickle=False), np.uint8)
    except (OSError, ValueError, EOFError) as error:
        raise Unfit(Kind.UNREADABLE, str(error)) from None


ARRAY_FILE = ClipForm(look, read, lambda path: [path])
