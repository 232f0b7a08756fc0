"""Film strips: a few pictures side by side in one JPEG inside the page."""

from __future__ import annotations

import base64
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Strip:
    """Pictures of equal size, from left to right.

    Attributes:
        uri: The JPEG as a ``data:`` address.
        count: Number of pictures in it.
        width: Width of one picture in pixels.
        height: Height of one picture in pixels.
    """

    uri: str
    count: int
    width: int
    height: int

    @classmethod
    def from_jpeg(cls, jpeg: bytes, count: int, width: int, height: int) -> Strip:
        """A strip from the bytes of a JPEG of ``count * width`` by ``height`` pixels."""
        text = base64.b64encode(jpeg).decode("ascii")
        return cls(f"data:image/jpeg;base64,{text}", count, width, height)

    @property
    def aspect(self) -> float:
        """Width over height of one picture."""
        return round(self.width / self.height, 4)

    @property
    def is_wide(self) -> bool:
        """Whether one picture is at least as wide as 16:9, and so fills a 16:9 box from side to side."""
        return self.width * 9 >= self.height * 16
