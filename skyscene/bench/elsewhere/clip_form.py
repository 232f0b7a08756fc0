"""What every way of writing a clip down has in common: what a look shows, and how one does not fit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]

MOST_SIDE = 2048
"""Largest side of a picture that is read: a clip of that size takes 400 MB."""


class Kind(Enum):
    """Kinds of trouble, in the order in which they are told; the value is the heading."""

    MISSING = "missing"
    EXTRA = "no name of a clip or sample"
    DUPLICATE = "given twice"
    FORM = "of another form than most"
    SAMPLES = "with other samples than most"
    LENGTH = "of another length than {frames} frames"
    SIZE = "of a wrong size"
    ARRAY = "no uint8 array ({frames}, H, W, 3)"
    UNREADABLE = "cannot be read"


class Unfit(Exception):
    """A clip cannot be scored as it is; what it was raised with says why.

    Args:
        kind: Where it is counted.
        why: In a few words, without the file's name.
    """

    def __init__(self, kind: Kind, why: str) -> None:
        self.kind = kind
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look at a clip shows.

    Attributes:
        frames: How many frames it has; of a film that is too long, one more than it should.
        height: Of its pictures, in pixels.
        width: The same.
        lossy: Whether it may be another clip than was written.
    """

    frames: int
    height: int
    width: int
    lossy: bool


@dataclass(frozen=True, slots=True)
class ClipForm:
    """A way of writing a clip down.

    Attributes:
        look: Path and wanted number of frames to what is there; raises `Unfit`.
        read: Path to uint8 (t, h, w, 3); raises `Unfit`.
        files: Path to the files that hold the clip, in order; raises `OSError`.
    """

    look: Callable[[Path, int], Seen]
    read: Callable[[Path], Pixels]
    files: Callable[[Path], list[Path]]
