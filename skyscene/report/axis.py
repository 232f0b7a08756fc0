"""A frame axis: scenes, transitions, windows and curves over the frames of one source, as SVG.

Every drawing is stretched to the width of its place on the page, one unit a frame, so that they stand exactly
under one another at any width. What is written stays outside, as text of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

_POINTS = 400
_HEIGHT = 100
_CALM = 0.05
_STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Band:
    """Some frames in a colour.

    Attributes:
        start: First frame.
        stop: Frame after the last one.
        style: CSS class that gives the colour.
        title: Shown on hover.
        href: Where a click leads, within the page; none for nowhere.
    """

    start: int
    stop: int
    style: str
    title: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A line at a frame.

    Attributes:
        frame: The frame in front of which it stands.
        title: Shown on hover.
    """

    frame: int
    title: str


@dataclass(frozen=True, slots=True)
class Trace:
    """One curve.

    Attributes:
        name: What it shows.
        low: Its least value.
        high: Its largest value.
        path: The curve as an SVG path over frames and a height of 100.
    """

    name: str
    low: float
    high: float
    path: str

    @classmethod
    def of(cls, name: str, values: npt.NDArray[Any], start: int = 0) -> Trace:
        """A curve through one value a frame; what is not finite leaves a hole.

        A curve that hardly changes, for its size, is drawn as one: its noise does not fill the height.

        Args:
            name: What it shows.
            values: One value a frame.
            start: Frame of the first value.
        """
        frames, points = downsample(values)
        finite = points[np.isfinite(points)]
        low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 0.0)
        span = max(high - low, _CALM * max(abs(low), abs(high))) or 1.0
        middle = (low + high) / 2
        parts: list[str] = []
        pen_up = True
        for frame, value in zip(frames, points, strict=True):
            if not np.isfinite(value):
                pen_up = True
                continue
            y = round(_HEIGHT * (0.5 - (value - middle) / span))
            parts.append(f"{'M' if pen_up else 'L'}{frame + start} {y}")
            pen_up = False
        return cls(name, low, high, "".join(parts))


@dataclass(frozen=True, slots=True)
class FrameAxis:
    """All that is drawn over one source's frames.

    Attributes:
        frames: Length of the axis.
        scenes: Bands of the scenes.
        transitions: Bands of dissolves, fades and gaps.
        cuts: Lines at hard cuts.
        windows: Bands of the windows.
        traces: Curves.
    """

    frames: int
    scenes: Sequence[Band] = ()
    transitions: Sequence[Band] = ()
    cuts: Sequence[Mark] = ()
    windows: Sequence[Band] = ()
    traces: Sequence[Trace] = ()

    @property
    def ticks(self) -> list[tuple[int, float]]:
        """Round frame numbers, about six, each with its place in percent of the width."""
        if self.frames <= 0:
            return []
        return [
            (at, round(100 * at / self.frames, 3)) for at in range(0, self.frames, tick_step(self.frames))
        ]


def tick_step(frames: int, most: int = 7) -> int:
    """The least round step that gives at most ``most`` ticks.

    >>> tick_step(300), tick_step(7200)
    (50, 2000)
    """
    power = 1
    while True:
        for step in _STEPS:
            if frames <= most * step * power:
                return step * power
        power *= 10


def downsample(
    values: npt.NDArray[Any], most: int = _POINTS
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Rows and values of at most ``most`` points that keep every extreme.

    Of each stretch the least and the largest value stay, in their order; a stretch without a finite value
    gives one hole.

    >>> rows, points = downsample(np.array([0.0, 5.0, 1.0, 1.0, -3.0, 1.0]), most=4)
    >>> rows.tolist(), points.tolist()
    ([0, 1, 3, 4], [0.0, 5.0, 1.0, -3.0])
    """
    numbers = np.asarray(values, dtype=np.float64)
    if len(numbers) <= most:
        return np.arange(len(numbers)), numbers
    rows: list[int] = []
    edges = np.linspace(0, len(numbers), most // 2 + 1).astype(np.int64)
    for first, stop in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        part = numbers[first:stop]
        if not np.isfinite(part).any():
            rows.append(first)
            continue
        rows += sorted({first + int(np.nanargmin(part)), first + int(np.nanargmax(part))})
    return np.array(rows), numbers[rows]
