"""What every benchmark is given: the films, how much of them, how often, and a place to work in."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from benchmarks.speed import programs
from benchmarks.speed.footage import Film, Footage
from benchmarks.speed.process import Usage, run
from benchmarks.speed.result import Goal


@dataclass(frozen=True, slots=True)
class Scope:
    """How much is measured.

    Attributes:
        judged: Whether it is enough to judge by the goals.
        height: Of the films the goals are set for: the recipe's own download format.
        beside: Other heights, told without a goal, and how many frames of each.
        films: How many skies are drawn.
        film_frames: Frames of each.
        processes: How many at a time, in the comparison with a bare decode.
        analysis: Frames that are analysed.
        build: Frames that are built whole.
        chain: Frames that other people's tools are run on.
        short: Frames of the short film for memory: a minute.
        long: Frames of the long one: twenty.
        memory_height: Their height.
        tiny: How many tiny sources.
    """

    judged: bool = True
    height: int = 720
    beside: tuple[tuple[int, int], ...] = ((360, 3200), (1080, 800))
    films: int = 8
    film_frames: int = 400
    processes: tuple[int, ...] = (2, 1)
    analysis: int = 3200
    build: int = 1600
    chain: int = 800
    short: int = 1440
    long: int = 28_800
    memory_height: int = 360
    tiny: int = 1000


QUICK = Scope(
    judged=False,
    height=180,
    beside=(),
    films=2,
    film_frames=72,
    processes=(2,),
    analysis=144,
    build=144,
    chain=72,
    short=72,
    long=144,
    memory_height=90,
    tiny=4,
)
"""Enough to see that every benchmark runs; its numbers mean nothing."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What every benchmark is given.

    Attributes:
        scope: How much is measured.
        runs: How often; medians are told.
        footage: The films.
        work: A folder of this run's own.
        say: Told how it goes.
        juicer: A Python that has data-juicer; none leaves it out.
        video2dataset: A Python that has video2dataset; none leaves it out.
    """

    scope: Scope
    runs: int
    footage: Footage
    work: Path
    say: Callable[[str], None]
    juicer: Path | None = None
    video2dataset: Path | None = None

    def goal(self, goal: Goal) -> Goal | None:
        """The goal, where enough is measured to judge by it."""
        return goal if self.scope.judged else None

    def fresh(self) -> Path:
        """The name of a folder that is not there yet."""
        return next(path for number in count() if not (path := self.work / f"out-{number}").exists())

    def built(self, films: Sequence[Film], workers: int, *options: str) -> Usage:
        """What `skyscene build` costs; what it made is thrown away."""
        out = self.fresh()
        used = run(programs.build((film.path for film in films), out, workers, *options))
        shutil.rmtree(out)
        return used


def processes_of(count: int) -> str:
    """So many processes, as words.

    >>> processes_of(1), processes_of(2)
    ('1 process', '2 processes')
    """
    return "1 process" if count == 1 else f"{count} processes"


def total(films: Sequence[Film]) -> int:
    """Frames of all films."""
    return sum(film.frames for film in films)
