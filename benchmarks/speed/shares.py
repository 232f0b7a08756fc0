"""Where the time of one source goes: the profile that is printed under a missed goal.

`python -m benchmarks.speed.shares OUT [--no-clips] FILM...` builds films in one process under Python's
profiler.
"""

from __future__ import annotations

import cProfile
import dataclasses
import pstats
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import cv2

from benchmarks.speed import programs
from benchmarks.speed.process import ROOT, output
from benchmarks.speed.result import Result
from benchmarks.speed.setting import Setting
from skyscene.builder import build
from skyscene.records import Limits, Outcome

STAGES = {
    "decode": "media/decode.py",
    "scale": "media/picture.py",
    "measure": "curate/measures/",
    "encode": "media/clip_file.py",
    "spool": "builder/spool.py",
    "tables": "store/",
}
"""What is told apart, by where its code is."""
_LINES = 14

Key = tuple[str, int, str]
Calls = dict[Key, tuple[int, int, float, float]]
Stats = dict[Key, tuple[int, int, float, float, Calls]]


class Here:
    """Runs every source in this process, where the profiler sees it."""

    def run(self, fn: Callable[[Any], Any], items: Iterable[Any], limits: Limits) -> Iterator[Outcome[Any]]:
        cv2.setNumThreads(1)
        for item in items:
            yield Outcome(item, value=fn(item))


def explain(result: Result, setting: Setting, film: Path, *options: str) -> Result:
    """The result, with a profile of a film's build where its goal is missed."""
    return (
        dataclasses.replace(result, profile=profile(setting, [film], *options)) if result.missed else result
    )


def profile(setting: Setting, films: Iterable[Path], *options: str) -> tuple[str, ...]:
    """The profile of films' build, made in a process of its own."""
    setting.say("profiling")
    script = [programs.PYTHON, "-m", "benchmarks.speed.shares"]
    written = output([*script, setting.fresh(), *options, *films])
    return tuple(written.splitlines()) or ("the profile failed",)


def main() -> None:
    """Builds and prints the profile."""
    options = [part for part in sys.argv[1:] if part.startswith("-")]
    out, *films = [part for part in sys.argv[1:] if not part.startswith("-")]
    profiler = cProfile.Profile()
    profiler.enable()
    build(films, out, clips="--no-clips" not in options, executor=Here())
    profiler.disable()
    for line in lines(pstats.Stats(profiler).stats):  # type: ignore[attr-defined]
        print(line)


def lines(stats: Stats) -> Iterator[str]:
    """The shares of the stages, then the costliest functions of ours with all that they call."""
    whole = sum(cost[2] for cost in stats.values())
    parts = {name: _entered(stats, place) for name, place in STAGES.items()}
    shares = [f"{name} {100 * part / whole:.0f} %" for name, part in parts.items()]
    rest = max(0.0, whole - sum(parts.values()))
    yield f"{whole:.2f} s under the profiler: {', '.join(shares)}, other {100 * rest / whole:.0f} %"
    ours = [(cost[3], cost[1], key) for key, cost in stats.items() if _is_ours(key)]
    for seconds, calls, key in sorted(ours, reverse=True)[:_LINES]:
        yield f"{seconds:8.2f} s {calls:8d} calls  {_place(key)}:{key[2]}"


def _entered(stats: Stats, place: str) -> float:
    """Seconds in functions of one place, and all they call, counted where code of no stage calls them."""
    return sum(
        called[3]
        for key, (*_, callers) in stats.items()
        if _stage(key) == place
        for caller, called in callers.items()
        if _stage(caller) is None
    )


def _stage(key: Key) -> str | None:
    """The place of a stage's function; none for the code between."""
    if not _is_ours(key):
        return None
    return next((place for place in STAGES.values() if _place(key).startswith(place)), None)


def _place(key: Key) -> str:
    return Path(key[0]).relative_to(ROOT / "skyscene").as_posix()


def _is_ours(key: Key) -> bool:
    return Path(key[0]).is_relative_to(ROOT / "skyscene")


if __name__ == "__main__":
    main()
