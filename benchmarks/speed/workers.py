"""Two workers beside one, on two cores."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import partial

from benchmarks.speed.contest import interleave
from benchmarks.speed.process import on_cores
from benchmarks.speed.result import Goal, Result, versus
from benchmarks.speed.setting import Setting, total

GOAL = Goal(1.8, at_most=False)


def workers(setting: Setting) -> Iterator[Result]:
    """How many times faster a whole build is with two workers."""
    films = setting.footage.films(setting.scope.height, setting.scope.build)
    start_up = setting.footage.tiny(setting.scope.tiny)[:2]
    sides = {
        "two workers": partial(setting.built, films, 2),
        "one worker": partial(setting.built, films, 1),
        "two tiny films": partial(setting.built, start_up, 2),
    }
    with on_cores(2):
        two, one, least = interleave(sides, setting.runs).values()
    case = f"2 workers beside 1, {films[0].height}p, {total(films)} frames, 2 cores"
    result = versus("workers", case, two, one, setting.goal(GOAL), faster=True)
    # Processor time that two workers use more says that they are in each other's way.
    result = dataclasses.replace(result, cpu=None)
    if result.missed:
        lines = (
            f"start-up and end alone, by two tiny films: {least.wall:.2f} s of {two.wall:.2f} s",
            f"processor time: {two.cpu:.2f} s with two workers, {one.cpu:.2f} s with one",
        )
        result = dataclasses.replace(result, profile=lines)
    yield result
