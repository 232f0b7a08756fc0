"""The chain of tools that people use now, beside our build and export."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from benchmarks.speed import programs, shares
from benchmarks.speed.contest import interleave
from benchmarks.speed.footage import Film
from benchmarks.speed.process import Usage, on_cores, run, run_all
from benchmarks.speed.result import Goal, Result, versus
from benchmarks.speed.setting import Setting, processes_of, total

GOAL = Goal(3, at_most=False)
OURS, EXPORT = "skyscene build", "split and export to JPEG"
CHAIN = "scenedetect split-video, OpenCV pass, ffmpeg a clip, JPEG"
_PROCESSES = 2


def chain(setting: Setting) -> Iterator[Result]:
    """How many times faster we are than the chain: to packed frames, and to JPEG files as the chain's."""
    films = setting.footage.films(setting.scope.height, setting.scope.chain)
    out, path = setting.fresh(), programs.folder_with_ffmpeg(setting.work)
    made: list[int] = []
    sides = {
        OURS: partial(_build, films, out),
        EXPORT: partial(_export, out, made),
        CHAIN: partial(_chain, setting, films, path, made),
    }
    with on_cores(_PROCESSES):
        ours, export, other = interleave(sides, setting.runs).values()
    case = f"{films[0].height}p, {total(films)} frames, {processes_of(_PROCESSES)}"
    note = f"JPEG files: ours {made[-2]}, the chain's {made[-1]}; the goal after this one is 5"
    result = versus("chain", case, ours.then(export), other, setting.goal(GOAL), faster=True, note=note)
    yield shares.explain(result, setting, films[0].path)
    yield versus("chain", f"{case}, packed frames in place of JPEG", ours, other, faster=True)


def _build(films: Sequence[Film], out: Path) -> Usage:
    return run(programs.build((film.path for film in films), out, _PROCESSES))


def _export(out: Path, made: list[int]) -> Usage:
    """Exports the build and throws it away, so that the next run builds again."""
    to = out.with_name(f"{out.name}-export")
    split = run(programs.skyscene("split", out, "--by-source"))
    export = run(programs.skyscene("export", out, "--format", "official", "--to", to))
    made.append(sum(1 for _ in to.rglob("*.jpg")))
    shutil.rmtree(to)
    shutil.rmtree(out)
    return split + export


def _chain(setting: Setting, films: Sequence[Film], path: Path, made: list[int]) -> Usage:
    out = setting.fresh()
    script = [programs.PYTHON, "-m", "benchmarks.speed.chain_steps"]
    used = run_all([[*script, film.path, out / film.path.stem] for film in films], _PROCESSES, path=path)
    made.append(sum(1 for _ in out.rglob("*.jpg")))
    shutil.rmtree(out)
    return used
