"""Cuts, dissolves and fades, planted at exact frames of any stream."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

import numpy as np

from skyscene.records import Interval
from skyscene.synth.frame import Frame, Stream, blended


def cut(first: Iterable[Frame], second: Iterable[Frame], at: int | None = None) -> Stream:
    """``first`` up to frame ``at`` (its end where none), then ``second`` from its start: a cut at ``at``."""
    for index, frame in enumerate(first):
        if index == at:
            break
        yield frame
    yield from second


def dissolve(first: Iterable[Frame], second: Iterable[Frame], frames: int, at: int | None = None) -> Stream:
    """``first`` melts into ``second`` over ``frames`` frames that hold some of both.

    Args:
        first: The shot that ends; its last ``frames`` frames (or the first ones from ``at``) are blended.
        second: The shot that begins; its first ``frames`` frames are blended.
        frames: Number of blended frames; every one shows both shots.
        at: First blended frame; none for as late as ``first`` allows, which holds ``frames`` frames back.
    """
    old, new = iter(first), iter(second)
    if at is None:
        held: deque[Frame] = deque()
        for frame in old:
            held.append(frame)
            if len(held) > frames:
                yield held.popleft()
        tail: Iterable[Frame] = held
    else:
        for _, frame in zip(range(at), old, strict=False):
            yield frame
        tail = old
    for index, (before, after) in enumerate(zip(tail, _first(new, frames), strict=False)):
        yield blended(before, after, (index + 1) / (frames + 1))
    yield from new


def _first(frames: Stream, count: int) -> Stream:
    """Up to ``count`` frames, without drawing one too many."""
    for _ in range(count):
        frame = next(frames, None)
        if frame is None:
            return
        yield frame


def fade_out(frames: Iterable[Frame], interval: Interval, colour: tuple[int, int, int] = (0, 0, 0)) -> Stream:
    """The stream sinks into ``colour`` over the interval and stays there; the last frame of it is plain."""
    for index, frame in enumerate(frames):
        if index < interval.start:
            yield frame
        else:
            yield _tinted(frame, min(1.0, (index + 1 - interval.start) / max(interval.length, 1)), colour)


def fade_in(frames: Iterable[Frame], interval: Interval, colour: tuple[int, int, int] = (0, 0, 0)) -> Stream:
    """The stream is plain ``colour`` up to the interval's first frame and rises out of it over the rest."""
    for index, frame in enumerate(frames):
        if index >= interval.stop:
            yield frame
        else:
            share = (interval.stop - index) / max(interval.length, 1)
            yield _tinted(frame, min(1.0, share), colour)


def _tinted(frame: Frame, share: float, colour: tuple[int, int, int]) -> Frame:
    return blended(frame, np.broadcast_to(np.array(colour, np.uint8), frame.shape), share)
