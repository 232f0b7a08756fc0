"""Films on which thresholds matter, and how a retuned folder is held against a new build."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from skyscene.builder import build

SUNSET = """
base = "sky"
[media]
spool_mb = 64
[filters]
static = false
camera = false
[filters.dark]
max_p99 = 90
max_detail = 200
min_visible = 0.9
[detectors]
dissolve = false
fade = false
[clips]
crf = 12
preset = "ultrafast"
[cache]
size = [32, 24]
"""

CHANGES = {
    "stricter": ["filters.dark.max_p99=130"],
    "looser": ["filters.dark.max_p99=40"],
    "looser by another value of the filter": ["filters.dark.min_visible=0.2"],
    "all rejected": ["filters.dark.max_p99=235"],
    "no filter": ["filters.dark=false"],
    "one more filter": [
        "filters.static.lag=16",
        "filters.static.min_change=40.0",
        "filters.static.held=0.02",
        "filters.static.max_held=0.7",
    ],
    "stride": ["windows.stride=44"],
    "margin": ["windows.margin=5"],
    "cap": ["windows.max_clips_per_source=2"],
    "length": ["windows.length=16", "windows.stride=16"],
    "detector's threshold": ["detectors.cut.lost=2.0", "detectors.cut.clear=2.0"],
    "no detector": ["detectors.cut=false"],
    "bars": ["bars.least=100"],
    "bars and filter": ["bars.inset=3", "filters.dark.max_p99=60"],
}


def sunset(frames: Iterator[np.ndarray], count: int) -> Iterator[np.ndarray]:
    """Frames that lose their light evenly, down to a tenth."""
    for index, frame in enumerate(frames):
        yield (frame * (1 - 0.9 * index / count)).astype(np.uint8)


def eclipse(frames: Iterator[np.ndarray], count: int) -> Iterator[np.ndarray]:
    """Frames that are darkest in the middle."""
    for index, frame in enumerate(frames):
        yield (frame * (0.1 + 0.9 * abs(1 - 2 * index / count))).astype(np.uint8)


def barred(frames: Iterator[np.ndarray], height: int = 12) -> Iterator[np.ndarray]:
    """Frames between two black bars."""
    for frame in frames:
        yield np.pad(frame, ((height, height), (0, 0), (0, 0)))


def fresh(films: Path, out: Path, recipe: str, here: Any, changes: list[str], **more: Any) -> Path:
    """A new build."""
    return build(films, out, recipe=recipe, set=changes, executor=here, **more).folder


def copy(folder: Path, to: Path) -> Path:
    """A folder to be changed."""
    shutil.copytree(folder, to)
    return to


def rows(folder: Path, table: str = "clips") -> list[dict[str, Any]]:
    """The rows of a table."""
    return pq.read_table(folder / f"{table}.parquet").to_pylist()


def states(folder: Path) -> dict[str | None, int]:
    """How many clips are in each state."""
    found = [clip["state"] for clip in rows(folder)]
    return {state: found.count(state) for state in {*found}}
