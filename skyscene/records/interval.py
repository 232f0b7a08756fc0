"""Half-open frame intervals: the only home of interval arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Frames ``start .. stop - 1`` of one source, counted as decoded.

    >>> Interval(10, 42).length
    32
    """

    start: int
    stop: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.stop:
            raise ValueError(f"not an interval: [{self.start}, {self.stop})")

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.start, self.stop))

    def __contains__(self, frame: int) -> bool:
        return self.start <= frame < self.stop

    @property
    def length(self) -> int:
        """Number of frames."""
        return self.stop - self.start

    def overlaps(self, other: Interval) -> bool:
        """Whether the two share a frame; an empty interval shares none."""
        return max(self.start, other.start) < min(self.stop, other.stop)

    def covers(self, other: Interval) -> bool:
        """Whether every frame of ``other`` is in this one."""
        return other.length == 0 or (self.start <= other.start and other.stop <= self.stop)

    def intersect(self, other: Interval) -> Interval:
        """The shared frames; empty where there are none."""
        start = max(self.start, other.start)
        return Interval(start, max(start, min(self.stop, other.stop)))

    def grow(self, before: int, after: int, within: Interval) -> Interval:
        """This interval with a margin on either side, cut off at ``within``."""
        return Interval(max(self.start - before, 0), self.stop + after).intersect(within)

    def shrink(self, before: int, after: int) -> Interval:
        """This interval without its first and last frames; empty where too little is left.

        >>> Interval(0, 40).shrink(2, 3)
        Interval(start=2, stop=37)
        """
        start = self.start + before
        return Interval(start, max(start, self.stop - after))

    def windows(self, length: int, stride: int) -> list[Interval]:
        """Windows of ``length`` frames every ``stride`` frames, the unused rest shared by both ends.

        >>> Interval(0, 70).windows(32, 32)
        [Interval(start=3, stop=35), Interval(start=35, stop=67)]
        """
        if self.length < length:
            return []
        count = 1 + (self.length - length) // stride
        first = self.start + (self.length - (count - 1) * stride - length) // 2
        return [Interval(first + k * stride, first + k * stride + length) for k in range(count)]


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """Sorted, disjoint intervals over the same frames; touching ones are joined, empty ones dropped.

    >>> union([Interval(5, 9), Interval(0, 2), Interval(2, 4)])
    [Interval(start=0, stop=4), Interval(start=5, stop=9)]
    """
    joined: list[Interval] = []
    for item in sorted(intervals):
        if item.length == 0:
            continue
        if joined and item.start <= joined[-1].stop:
            joined[-1] = Interval(joined[-1].start, max(joined[-1].stop, item.stop))
        else:
            joined.append(item)
    return joined


def subtract(whole: Interval, holes: Iterable[Interval]) -> list[Interval]:
    """What is left of ``whole`` without ``holes``: sorted, disjoint, none empty.

    >>> subtract(Interval(0, 10), [Interval(3, 4), Interval(8, 20)])
    [Interval(start=0, stop=3), Interval(start=4, stop=8)]
    """
    rest: list[Interval] = []
    at = whole.start
    for hole in union(hole.intersect(whole) for hole in holes):
        if hole.start > at:
            rest.append(Interval(at, hole.start))
        at = max(at, hole.stop)
    if at < whole.stop:
        rest.append(Interval(at, whole.stop))
    return rest
