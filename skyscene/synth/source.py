"""One synthetic source: a reel with a name, and the truth about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from skyscene.errors import SkySceneError
from skyscene.synth.frame import Stream
from skyscene.synth.planted import Planted
from skyscene.synth.reel import Reel


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known of a source before anything looks at it.

    Attributes:
        name: Name of the source, unique in its set; fit for a file name.
        seed: Seed of its sky, or of the set where it has a fixed place in one.
        length: Number of frames.
        fps: Frames a second.
        width: Width in pixels.
        height: Height in pixels.
        planted: What was planted, by position.
        clean: Whether every window of it may be kept (once, where there are several of the same bytes).
        duplicate_of: Name of the source whose bytes it has; none for an original.
    """

    name: str
    seed: int
    length: int
    fps: int
    width: int
    height: int
    planted: tuple[Planted, ...] = ()
    clean: bool = True
    duplicate_of: str | None = None

    def possible(self, window: int = 32) -> int:
        """How many windows that do not overlap fit into it.

        >>> Truth("a", 0, 100, 30, 640, 360).possible()
        3
        """
        return self.length // window

    def to_json(self) -> dict[str, Any]:
        """The record as plain JSON values."""
        table: dict[str, Any] = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return table | {"planted": [planted.to_json() for planted in self.planted]}

    @classmethod
    def from_json(cls, table: dict[str, Any]) -> Truth:
        """The record that `to_json` wrote.

        Raises:
            SkySceneError: A key is missing or unknown.
        """
        names = cls.__dataclass_fields__.keys()
        if table.keys() != names:
            wrong = ", ".join(sorted(table.keys() ^ names))
            raise SkySceneError(f"not the truth of a source; missing or unknown: {wrong}")
        planted = tuple(Planted.from_json(row) for row in table["planted"])
        return cls(**(table | {"planted": planted}))


@dataclass(frozen=True, slots=True)
class SynthSource:
    """Frames that can be drawn any number of times, and the truth about them."""

    truth: Truth
    reel: Reel

    @property
    def name(self) -> str:
        """Name of the source."""
        return self.truth.name

    def frames(self) -> Stream:
        """The frames from the first, each (height, width, 3) uint8 RGB, ``truth.length`` of them."""
        return self.reel.frames()
