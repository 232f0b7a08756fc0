"""Frames shown more than once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from skyscene.records import Interval

T = TypeVar("T")


def hold(frames: Iterable[T], every: int) -> Iterator[T]:
    """The stream with every ``every``-th frame shown twice: 4 turns 24 frames a second into 30.

    >>> [int(frame) for frame in hold(range(6), 2)]
    [0, 1, 1, 2, 3, 3, 4, 5, 5]
    """
    for index, frame in enumerate(frames):
        yield frame
        if index % every == every - 1:
            yield frame


def freeze(frames: Iterable[T], interval: Interval) -> Iterator[T]:
    """The stream with the interval stuck at the frame before it (its own first frame at the very start).

    The stream runs on behind the frozen picture, so that it jumps when the interval ends.
    """
    still: T | None = None
    for index, frame in enumerate(frames):
        if index not in interval or still is None:
            still = frame
        yield still
