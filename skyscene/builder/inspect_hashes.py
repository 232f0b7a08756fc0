"""The hashes of one decode against those of the index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]

_FARTHEST = 64
_MOST_ALIKE = 0.9


def not_found(stored: Hashes, seen: Sequence[int]) -> list[int]:
    """Frames of the index that another decode does not show, where a frame more or less moves the rest.

    >>> not_found(np.array([5, 6, 7, 8], np.uint64), [5, 9, 6, 8])
    [2]
    """
    found = np.asarray(seen, np.uint64)
    short = min(len(stored), len(found))
    differ = np.flatnonzero(stored[:short] != found[:short])
    if len(differ) == 0:
        return list(range(short, len(stored)))
    first = int(differ[0])
    behind = np.flatnonzero(stored[len(stored) - short :][::-1] != found[len(found) - short :][::-1])
    tail = min(int(behind[0]) if len(behind) else short, short - first)
    left = Counter(found[first : len(found) - tail].tolist())
    missing = []
    for k in range(first, len(stored) - tail):
        value = int(stored[k])
        if left[value] > 0:
            left[value] -= 1
        else:
            missing.append(k)
    return missing


def shift_of(stored: Hashes, seen: Sequence[int]) -> int | None:
    """By how many frames another decode runs behind the index; none where that does not explain it.

    >>> shift_of(np.arange(100, dtype=np.uint64), list(range(3, 100)))
    -3
    """
    found = np.asarray(seen, np.uint64)
    for shift in sorted(range(-_FARTHEST, _FARTHEST + 1), key=abs):
        one, other = stored[max(0, -shift) :], found[max(0, shift) :]
        short = min(len(one), len(other))
        if shift and short and np.mean(one[:short] == other[:short]) > _MOST_ALIKE:
            return shift
    return None


def told(stored: Hashes, seen: Sequence[int]) -> str:
    """A sentence on how a decode differs from the index."""
    count = f"decodes to {len(seen)} frames, the index has {len(stored)}"
    shift = shift_of(stored, seen)
    if shift is not None:
        return f"{count}: its frame k is the index's frame k{-shift:+d}"
    wrong = len(not_found(stored, seen))
    return f"{count}; {wrong} of the index's frames are not in it"


def span(frames: Sequence[int]) -> str:
    """Some frame numbers in a few words.

    >>> span([4, 5, 9]), span([4])
    ('3 frames from 4 to 9', 'frame 4')
    """
    return (
        f"frame {frames[0]}" if len(frames) == 1 else f"{len(frames)} frames from {frames[0]} to {frames[-1]}"
    )
