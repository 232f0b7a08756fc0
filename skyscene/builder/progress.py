"""What a build tells whoever watches, and how workers tell the build."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

TICK_FRAMES = 64
"""Frames that one byte of a tick file stands for."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    Attributes:
        kind: start (``text`` is what is done to ``count`` sources), note, acquire (a reference is fetched or
            hashed), skip (a source needs no work), built, failed (it yields nothing), merge.
        text: The source's name, or what there is to say.
        count: Number of sources, on start.
        kept: Clips kept of a source, when built.
        rejected: Windows rejected of a source, when built.
    """

    kind: Literal["start", "note", "acquire", "skip", "built", "failed", "merge"]
    text: str = ""
    count: int = 0
    kept: int = 0
    rejected: int = 0


Watch = Callable[[Event], None]
"""Told of every event, in the process that called."""


def nobody(event: Event) -> None:
    """Watches nothing."""


@contextmanager
def tick_file(work: Path, name: str) -> Iterator[Callable[[int], None]]:
    """A function for a worker to count frames with: the file grows by a byte every `TICK_FRAMES` frames."""
    work.mkdir(parents=True, exist_ok=True)
    with (work / f"{name}.ticks").open("ab", buffering=0) as file:

        def tick(frames: int) -> None:
            file.write(b"." * (frames // TICK_FRAMES))

        yield tick


def frames_ticked(work: Path) -> int:
    """Frames that the workers have counted so far."""
    try:
        return sum(path.stat().st_size for path in work.glob("*.ticks")) * TICK_FRAMES
    except OSError:
        return 0
