"""How fast the commands after a build are; no goals."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.speed import programs
from benchmarks.speed.contest import interleave
from benchmarks.speed.process import Usage, on_cores, run
from benchmarks.speed.result import Result
from benchmarks.speed.setting import Setting, processes_of

_PROCESSES = 2


def stages(setting: Setting) -> Iterator[Result]:
    """Kept clips a second of `split`, `verify`, `report` and `export --format official`."""
    films = setting.footage.films(setting.scope.height, setting.scope.build)
    out = setting.fresh()
    run(programs.build((film.path for film in films), out, _PROCESSES))
    clips = sum(pq.read_table(out / "clips.parquet", columns=["kept"])["kept"].to_pylist())
    sides = {
        "split": partial(run, programs.skyscene("split", out, "--by-source")),
        "verify": partial(run, programs.skyscene("verify", out, "--workers", str(_PROCESSES))),
        "report": partial(run, programs.skyscene("report", out)),
        "export to the published layout": partial(_export, out),
    }
    with on_cores(_PROCESSES):
        timed = interleave(sides, setting.runs)
    for name, timing in timed.items():
        case = f"{name}, {clips} clips of {films[0].height}p, {processes_of(_PROCESSES)}"
        yield Result("stages", case, clips / timing.wall, "clips/s", clips / timing.cpu, sides=(timing,))
    shutil.rmtree(out)


def _export(out: Path) -> Usage:
    to = out.with_name(f"{out.name}-export")
    used = run(programs.skyscene("export", out, "--format", "official", "--to", to))
    shutil.rmtree(to)
    return used
