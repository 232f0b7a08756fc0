"""Our analysis beside PySceneDetect, which only looks for cuts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from benchmarks.speed import programs
from benchmarks.speed.analysis import OURS
from benchmarks.speed.contest import interleave
from benchmarks.speed.footage import Film
from benchmarks.speed.process import Usage, on_cores, run_all
from benchmarks.speed.result import Result, versus
from benchmarks.speed.setting import Setting, processes_of, total

_BACKENDS = ("opencv", "pyav")
_PROCESSES = 2


def psd(setting: Setting) -> Iterator[Result]:
    """How many times faster our analysis is than `scenedetect detect-adaptive`, by either of its decoders."""
    films = setting.footage.films(setting.scope.height, setting.scope.build)
    sides = {OURS: partial(setting.built, films, _PROCESSES, "--no-clips")} | {
        f"scenedetect by {backend}": partial(_detected, setting, films, backend) for backend in _BACKENDS
    }
    with on_cores(_PROCESSES):
        ours, *others = interleave(sides, setting.runs).values()
    for backend, other in zip(_BACKENDS, others, strict=True):
        case = f"{backend}, {films[0].height}p, {total(films)} frames, {processes_of(_PROCESSES)}"
        yield versus("psd", case, ours, other, faster=True)


def _detected(setting: Setting, films: Sequence[Film], backend: str) -> Usage:
    commands = [programs.detect(film.path, setting.work / "detected", backend) for film in films]
    return run_all(commands, _PROCESSES)
