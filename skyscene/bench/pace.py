"""How long a stage's training takes, over all stops: waiting for the device is part of a step, val is not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Pace:
    """A stage's clock.

    Attributes:
        steps: Steps taken.
        stepping: Seconds that they took.
        seconds: Seconds of the training in all: looks at val and checkpoints, too.
    """

    steps: int = 0
    stepping: float = 0.0
    seconds: float = 0.0
    _began: float = field(default_factory=time.perf_counter)
    _lap: tuple[int, float] = (0, 0.0)

    def go_on(self, steps: int, stepping: float, seconds: float) -> None:
        """Takes up where a stopped training was."""
        self.steps, self.stepping, self.seconds = steps, stepping, seconds
        self._lap = (steps, stepping)
        self._began = time.perf_counter()

    @contextmanager
    def step(self) -> Iterator[None]:
        """The time of one step."""
        began = time.perf_counter()
        yield
        self.steps += 1
        self.stepping += time.perf_counter() - began

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """The time that the steps before still take on the device, which is asked for their values."""
        began = time.perf_counter()
        yield
        self.stepping += time.perf_counter() - began

    def lap(self) -> float:
        """Seconds a step since this was last asked."""
        steps, stepping = self._lap
        self._lap = (self.steps, self.stepping)
        return (self.stepping - stepping) / max(1, self.steps - steps)

    def so_far(self) -> float:
        """Seconds of the training until now."""
        now = time.perf_counter()
        self.seconds += now - self._began
        self._began = now
        return self.seconds
