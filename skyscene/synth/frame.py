"""The one kind of frame that everything here takes and gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Frame: TypeAlias = npt.NDArray[np.uint8]
"""One picture: (height, width, 3) RGB, 0..255. Nobody writes into a frame it was given."""
Stream: TypeAlias = Iterator[Frame]


def scaled(frame: Frame, gain: float) -> Frame:
    """The frame times ``gain``, rounded and kept within 0..255.

    >>> scaled(np.full((1, 1, 3), 100, np.uint8), 1.5)[0, 0].tolist()
    [150, 150, 150]
    """
    table = np.clip(np.rint(np.arange(256) * gain), 0, 255).astype(np.uint8)
    return np.asarray(table[frame])


def blended(first: Frame, second: Frame, share: float) -> Frame:
    """The two frames mixed, ``share`` (0..1) of it from ``second``."""
    mixed = first * np.float32(1 - share) + second * np.float32(share)
    return np.rint(mixed).astype(np.uint8)


def take(frames: Iterable[Frame], count: int) -> Stream:
    """The first ``count`` frames; no more than those are drawn.

    Raises:
        ValueError: There are fewer.
    """
    iterator = iter(frames)
    for index in range(count):
        frame = next(iterator, None)
        if frame is None:
            raise ValueError(f"{count} frames were promised, but only {index} came")
        yield frame
