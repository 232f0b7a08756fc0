"""Analysis alone beside a bare decode-and-scale by ffmpeg."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from benchmarks.speed import programs, shares
from benchmarks.speed.contest import Timing, interleave
from benchmarks.speed.footage import Film
from benchmarks.speed.process import Usage, on_cores, run_all
from benchmarks.speed.result import Goal, Result, versus
from benchmarks.speed.setting import Setting, processes_of, total
from skyscene.builder import load_recipe
from skyscene.media import Size, analysis_size

GOAL = Goal(1.3, at_most=True)
OURS, FFMPEG = "skyscene build --no-clips", "ffmpeg decode and scale"


def analysis(setting: Setting) -> Iterator[Result]:
    """How many times ffmpeg's time for decoding and scaling our analysis takes, start-up included."""
    scope = setting.scope
    for processes in scope.processes:
        films = setting.footage.films(scope.height, scope.analysis)
        yield _beside_ffmpeg(setting, films, processes, setting.goal(GOAL))
    for height, frames in scope.beside:
        yield _beside_ffmpeg(setting, setting.footage.films(height, frames), 2, None)


def _beside_ffmpeg(setting: Setting, films: Sequence[Film], processes: int, goal: Goal | None) -> Result:
    tiny = setting.footage.tiny(setting.scope.tiny)[: len(films)]
    sides = {
        OURS: partial(setting.built, films, processes, "--no-clips"),
        FFMPEG: partial(scaled, films, processes),
        "ours on tiny films": partial(setting.built, tiny, processes, "--no-clips"),
        "ffmpeg on tiny films": partial(scaled, tiny, processes),
    }
    with on_cores(processes):
        timed = interleave(sides, setting.runs)
    ours, other, ours_tiny, other_tiny = timed.values()
    case = f"{films[0].height}p, {total(films)} frames, {processes_of(processes)}"
    note = _beyond(ours, ours_tiny, other, other_tiny)
    result = versus("analysis", case, ours, other, goal, note=note)
    return shares.explain(result, setting, films[0].path, "--no-clips")


def scaled(films: Sequence[Film], processes: int) -> Usage:
    """ffmpeg on every film, each in a process, so many at a time."""
    width = load_recipe("sky", ()).analysis.width
    sizes = [analysis_size(Size(film.width, film.height), width) for film in films]
    commands = [
        programs.decode_and_scale(film.path, size.width, size.height)
        for film, size in zip(films, sizes, strict=True)
    ]
    return run_all(commands, processes)


def _beyond(ours: Timing, ours_tiny: Timing, other: Timing, other_tiny: Timing) -> str:
    """The ratio of processor time when what as many tiny films cost is taken off both sides."""
    least = f"as many tiny films take {ours_tiny.cpu:.2f} s and {other_tiny.cpu:.2f} s of CPU"
    mine, theirs = ours.cpu - ours_tiny.cpu, other.cpu - other_tiny.cpu
    return f"{least}; without that {mine / theirs:.2f}x by CPU" if mine > 0 and theirs > 0 else least
