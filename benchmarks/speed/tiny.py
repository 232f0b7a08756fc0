"""What a source costs beyond its frames: a thousand tiny ones beside their frames in one file."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.speed import programs, shares
from benchmarks.speed.contest import Timing, interleave
from benchmarks.speed.process import Usage, on_cores, run
from benchmarks.speed.result import Goal, Result
from benchmarks.speed.setting import Setting, total

GOAL = Goal(50, at_most=True)
_PROFILED = 50


def tiny(setting: Setting) -> Iterator[Result]:
    """Milliseconds that a tiny source costs beyond the work on its frames, and when it is done already."""
    count = setting.scope.tiny
    films, joined = setting.footage.tiny(count), setting.footage.tiny_joined(count)
    folder, out = films[0].path.parent, setting.fresh()
    sides = {
        f"{count} films": partial(_built, folder, out),
        "all done already": partial(_again, folder, out),
        "their frames in one film": partial(setting.built, [joined], 1, "--no-clips"),
    }
    with on_cores(1):
        many, again, one = interleave(sides, setting.runs).values()
    result = _beyond(many, one, count, setting.goal(GOAL))
    note = f"{total(films)} frames of 160x90; the one film has {joined.frames}"
    result = dataclasses.replace(result, note=note)
    if result.missed:
        few = [film.path for film in films[:_PROFILED]]
        profile = (f"of {len(few)} films:", *shares.profile(setting, few, "--no-clips"))
        result = dataclasses.replace(result, profile=profile)
    yield result
    each = 1000 / count
    yield Result("tiny", "a source done already", again.wall * each, "ms", again.cpu * each, sides=(again,))


def _beyond(many: Timing, one: Timing, count: int, goal: Goal | None) -> Result:
    wall, cpu = (1000 * (a - b) / count for a, b in ((many.wall, one.wall), (many.cpu, one.cpu)))
    case = f"overhead a source, {count} films, --no-clips, 1 process"
    return Result("tiny", case, wall, "ms", cpu, goal, (many, one))


def _built(folder: Path, out: Path) -> Usage:
    return run(programs.build([folder], out, 1, "--no-clips"))


def _again(folder: Path, out: Path) -> Usage:
    """The same command again, with nothing left to do; then the folder goes, for the next run."""
    used = run(programs.build([folder], out, 1, "--no-clips"))
    shutil.rmtree(out)
    return used
