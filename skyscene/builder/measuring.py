"""Measures run over batches of small frames with context on either side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from skyscene.media import Size
from skyscene.records import Column, Interval, Measure, SmallFrames

Planes = npt.NDArray[np.uint8]


class Measuring:
    """Collects small frames and measures them as soon as their context is there.

    Args:
        measures: Name to measure.
        size: Size of the small frames.
        batch: Frames measured at once; it cannot change a number.

    Attributes:
        measured: How many frames have their numbers.
    """

    def __init__(self, measures: Mapping[str, Measure], size: Size, batch: int) -> None:
        self._measures = measures
        self._size = size
        self._batch = batch
        self._reach = max((measure.reach for measure in measures.values()), default=0)
        self._waiting: list[Planes] = []
        self._first = 0
        self._columns: dict[str, list[Column]] = {}
        self.measured = 0

    def add(self, planes: Planes) -> None:
        """Takes the next frame."""
        self._waiting.append(planes)
        if self._first + len(self._waiting) >= self.measured + self._batch + self._reach:
            self._run(self.measured + self._batch)

    def finish(self) -> None:
        """Measures what still waits for context that will not come."""
        end = self._first + len(self._waiting)
        while self.measured < end:
            self._run(min(self.measured + self._batch, end))

    def _run(self, stop: int) -> None:
        start = max(self._first, self.measured - self._reach)
        stack = np.stack(self._waiting[start - self._first : stop + self._reach - self._first])
        height, width = self._size.height, self._size.width
        chroma = stack[:, height:].reshape(len(stack), 2, height // 2, width // 2)
        core = Interval(self.measured, stop)
        batch = SmallFrames(stack[:, :height], chroma[:, 0], chroma[:, 1], start, core)
        for key, measure in self._measures.items():
            for name, column in measure.measure(batch).items():
                if len(column) != core.length:
                    what = f"{len(column)} rows of {name} for {core.length} frames"
                    raise TypeError(f"measures.{key} returned {what}")
                self._columns.setdefault(name, []).append(column)
        self.measured = stop
        done = max(0, stop - self._reach - self._first)
        del self._waiting[:done]
        self._first += done

    def columns(self) -> dict[str, Column]:
        """The columns of all frames measured so far."""
        for name, parts in self._columns.items():
            if len(parts) > 1:
                self._columns[name] = [np.concatenate(parts)]
        return {name: parts[0] for name, parts in self._columns.items()}
