"""A broken promise."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """A broken promise.

    Attributes:
        promise: frames, scenes, overlap, split, files, cache, source, rows, readable.
        where: The clip_id, source_id or path.
        what: What is wrong.
    """

    promise: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.promise}: {self.where}: {self.what}"
