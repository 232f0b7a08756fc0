"""How much a page holds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a page holds; every window is on it whatever they are.

    Attributes:
        near: Windows on either side of a threshold.
        inside: Pictures up to which all lie inside the page; of more, all but the first to be seen lie in a
            folder beside it.
        films: Film strips that lie inside the page all the same.
        points: Numbers of all curves of a lane together; sources share them by their lengths.
    """

    near: int = 10
    inside: int = 800
    films: int = 20
    points: int = 1_000_000
