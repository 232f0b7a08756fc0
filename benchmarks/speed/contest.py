"""Several ways to do one job, run in turn, so that a slow minute of the machine hits all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

from benchmarks.speed.process import Usage


@dataclass(frozen=True, slots=True)
class Timing:
    """A side and what its runs cost."""

    name: str
    runs: tuple[Usage, ...]

    @property
    def wall(self) -> float:
        """Median seconds on the clock."""
        return median(usage.wall for usage in self.runs)

    @property
    def cpu(self) -> float:
        """Median seconds of processor time."""
        return median(usage.cpu for usage in self.runs)

    def __str__(self) -> str:
        wall, cpu = sorted(u.wall for u in self.runs), sorted(u.cpu for u in self.runs)
        return (
            f"{self.name}: {self.wall:.2f} s ({wall[0]:.2f} to {wall[-1]:.2f}), "
            f"CPU {self.cpu:.2f} s ({cpu[0]:.2f} to {cpu[-1]:.2f})"
        )

    def then(self, other: Timing) -> Timing:
        """Both jobs one after the other, run by run."""
        both = tuple(one + two for one, two in zip(self.runs, other.runs, strict=True))
        return Timing(f"{self.name}, then {other.name}", both)


def interleave(sides: Mapping[str, Callable[[], Usage]], runs: int) -> dict[str, Timing]:
    """Runs every side once, then all again: A B A B ...

    >>> interleave({"a": lambda: Usage(2, 1), "b": lambda: Usage(4, 4)}, 3)["b"].wall
    4
    """
    used: dict[str, list[Usage]] = {name: [] for name in sides}
    for _ in range(runs):
        for name, side in sides.items():
            used[name].append(side())
    return {name: Timing(name, tuple(values)) for name, values in used.items()}
