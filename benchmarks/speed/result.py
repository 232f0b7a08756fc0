"""What a benchmark found: a number, the goal it is judged by, and what it came from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.speed.contest import Timing


@dataclass(frozen=True, slots=True)
class Goal:
    """A limit, and which side of it is good."""

    limit: float
    at_most: bool

    def met(self, value: float) -> bool:
        """Whether a value reaches the goal.

        >>> Goal(1.3, at_most=True).met(1.31)
        False
        """
        return value <= self.limit if self.at_most else value >= self.limit

    def __str__(self) -> str:
        return f"{'at most' if self.at_most else 'at least'} {self.limit:g}"


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table.

    Attributes:
        bench: The benchmark.
        case: What was measured, and on what.
        value: The number that is judged, from the clock.
        unit: Of the value; "x" for a ratio.
        cpu: The same number from processor time, where that says something.
        goal: What it must reach; none where it is only told.
        sides: What it was made of.
        note: What else a reader must know.
        profile: Where the time or memory goes; made only where the goal is missed.
    """

    bench: str
    case: str
    value: float | None
    unit: str = "x"
    cpu: float | None = None
    goal: Goal | None = None
    sides: tuple[Timing, ...] = ()
    note: str = ""
    profile: tuple[str, ...] = field(default=())

    @property
    def missed(self) -> bool:
        """Whether there is a goal and it is not reached."""
        return self.goal is not None and self.value is not None and not self.goal.met(self.value)

    @property
    def verdict(self) -> str:
        """``met``, ``MISSED``, or nothing where there is no goal."""
        if self.goal is None or self.value is None:
            return ""
        return "MISSED" if self.missed else "met"

    def lines(self) -> Iterator[str]:
        """The result as text: its number first, then what it was made of."""
        cpu = f" ({show(self.cpu, self.unit)} by CPU)" if self.cpu is not None else ""
        goal = f", goal {self.goal}: {self.verdict}" if self.goal is not None else ""
        yield f"{self.bench}: {self.case}: {show(self.value, self.unit)}{cpu}{goal}"
        yield from (f"    {side}" for side in self.sides)
        if self.note:
            yield f"    {self.note}"
        yield from (f"    | {line}" for line in self.profile)


def show(value: float | None, unit: str) -> str:
    """A number with its unit, to three digits that matter.

    >>> show(1.2345, "x"), show(45.67, "ms"), show(1234.5, "MiB"), show(None, "x")
    ('1.23x', '45.7 ms', '1234 MiB', 'not measured')
    """
    if value is None:
        return "not measured"
    digits = max(0, 2 - max(0, len(str(int(abs(value)))) - 1))
    return f"{value:.{digits}f}{'' if unit == 'x' else ' '}{unit}"


def versus(
    bench: str,
    case: str,
    ours: Timing,
    other: Timing,
    goal: Goal | None = None,
    *,
    faster: bool = False,
    note: str = "",
    profile: tuple[str, ...] = (),
) -> Result:
    """Two sides as a ratio of medians: how many times the other's time we take.

    Args:
        bench: The benchmark.
        case: What was measured.
        ours: Our side.
        other: The other side.
        goal: For the ratio.
        faster: Turns the ratio round: how many times faster we are.
        note: For the reader.
        profile: Lines for a miss.
    """
    top, bottom = (other, ours) if faster else (ours, other)
    value, cpu = top.wall / bottom.wall, top.cpu / bottom.cpu
    return Result(bench, case, value, "x", cpu, goal, (ours, other), note, profile)
