"""The seams: what a component of each kind must have. All are structural; nothing is inherited."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from skyscene.records.clip import Label, Verdict
from skyscene.records.curve import Curve, Scale
from skyscene.records.frames import Column, Frames, SmallFrames
from skyscene.records.interval import Interval
from skyscene.records.outcome import Limits, Outcome
from skyscene.records.scene import Transition
from skyscene.records.source import Provenance, SourceRef


class Fetcher(Protocol):
    """Brings a source's bytes to disk."""

    def fetch(self, ref: SourceRef, folder: Path) -> tuple[Path, Provenance]:
        """The downloaded file and what is known of it.

        Raises:
            FetchError: The source is not to be had; the code says why.
        """
        ...


class Measure(Protocol):
    """Turns small pictures into numbers; a pure function of each frame and its neighbours.

    Attributes:
        version: Raised whenever a number could change.
        reach: Frame i may depend on frames i - reach .. i + reach, no further.
    """

    version: str
    reach: int

    def measure(self, batch: SmallFrames) -> Mapping[str, Column]:
        """Columns with one row a frame of ``batch.core``; names are prefixed with the measure's."""
        ...


class Detector(Protocol):
    """Finds transitions in the columns."""

    def detect(self, frames: Frames) -> Sequence[Transition]:
        """The transitions of a source, in any order."""
        ...


class Filter(Protocol):
    """Judges a window by the columns."""

    def judge(self, frames: Frames, interval: Interval) -> Verdict:
        """The verdict on ``interval``; ``frames`` holds the whole scene around it."""
        ...


class Shown(Protocol):
    """What a filter may have besides, so that a report can show what it looked at.

    Attributes:
        scale: What its score counts.
    """

    scale: Scale

    def curves(self, frames: Frames) -> Sequence[Curve]:
        """The numbers that it looks at, over all of ``frames``."""
        ...


class Labeler(Protocol):
    """Names what is seen in a window."""

    def label(self, frames: Frames, interval: Interval) -> Label:
        """The label of ``interval``; ``frames`` holds the whole scene around it."""
        ...


class Executor(Protocol):
    """Runs one function over many items, somewhere."""

    def run(self, fn: Callable[[Any], Any], items: Iterable[Any], limits: Limits) -> Iterator[Outcome[Any]]:
        """An outcome an item, in the order they end; a crash or a time-out is an outcome too."""
        ...
