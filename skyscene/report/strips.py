"""Film strips: a few pictures side by side in one JPEG."""

from __future__ import annotations

import base64
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Strip:
    """Pictures of equal size, from left to right.

    Attributes:
        jpeg: A JPEG of ``count * width`` by ``height`` pixels.
        count: Number of pictures in it.
        width: Width of one picture in pixels.
        height: Height of one picture in pixels.
    """

    jpeg: bytes
    count: int
    width: int
    height: int

    @property
    def text(self) -> str:
        """The JPEG in base64, as a ``data:`` address holds it."""
        return base64.b64encode(self.jpeg).decode("ascii")
