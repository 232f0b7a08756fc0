"""What an exporter must have. It is structural; nothing is inherited."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from skyscene.dataset.clip_set import ClipSet

Tick = Callable[[int], None]
"""Told how many clips are written so far."""


class Exporter(Protocol):
    """Writes clips in some format. It need not care for half-written folders: `export` does."""

    def write(self, clips: ClipSet, path: Path, tick: Tick) -> None:
        """Writes the clips into a folder.

        Args:
            clips: Encoded clips, all of which have a split; their ids are safe as file names.
            path: An empty folder.
            tick: To be called now and then.
        """
        ...
