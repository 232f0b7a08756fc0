"""data-juicer and video2dataset beside our build, where somebody has installed them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from benchmarks.speed import programs
from benchmarks.speed.contest import interleave
from benchmarks.speed.footage import Film
from benchmarks.speed.process import Usage, on_cores, output, run, run_all
from benchmarks.speed.result import Result, versus
from benchmarks.speed.setting import Setting, processes_of, total

_PROCESSES = 2
_SCRIPT = Path(__file__).with_name("others_video2dataset.py")
# A re-encoded file a scene, and optical flow twice a second on pictures as small as ours.
_RECIPE = """\
project_name: speed
dataset_path: {listing}
export_path: {out}/kept.jsonl
np: {processes}
process:
  - video_split_by_scene_mapper:
      detector: AdaptiveDetector
      save_dir: {out}/scenes
  - video_motion_score_filter:
      min_score: 0.0
      size: 144
"""


def others(setting: Setting) -> Iterator[Result]:
    """How many times faster we are than each of them; a line that says so where it is not there."""
    yield _beside(setting, "data-juicer", "data_juicer", setting.juicer, _juiced)
    yield _beside(setting, "video2dataset", "video2dataset", setting.video2dataset, _clipped)


def _beside(
    setting: Setting,
    name: str,
    module: str,
    python: Path | None,
    side: Callable[[Setting, Path, Sequence[Film], Path], Usage],
) -> Result:
    if python is None:
        note = f"--{name.split('-')[-1]} PYTHON names a Python that has it, in an environment of its own"
        return Result("others", name, None, note=note)
    if "there" not in output([python, "-I", "-c", f"import {module}; print('there')"]):
        return Result("others", name, None, note="installed, but it cannot be imported")
    films = setting.footage.films(setting.scope.height, setting.scope.chain)
    path = programs.folder_with_ffmpeg(setting.work)
    sides = {
        "skyscene build": partial(setting.built, films, _PROCESSES),
        name: partial(side, setting, python, films, path),
    }
    with on_cores(_PROCESSES):
        ours, other = interleave(sides, setting.runs).values()
    case = f"{name}, {films[0].height}p, {total(films)} frames, {processes_of(_PROCESSES)}"
    return versus("others", case, ours, other, faster=True)


def _juiced(setting: Setting, python: Path, films: Sequence[Film], path: Path) -> Usage:
    """data-juicer: scenes cut to files, and a motion score of each. No clips of 32 frames, no scaling."""
    out = setting.fresh()
    out.mkdir()
    listing, recipe = out / "films.jsonl", out / "recipe.yaml"
    text = "<__dj__video> <|__dj__eoc|>"
    rows = [json.dumps({"videos": [str(film.path.resolve())], "text": text}) for film in films]
    listing.write_text("\n".join(rows) + "\n", encoding="utf-8")
    filled = _RECIPE.format(listing=listing, out=out, processes=_PROCESSES)
    recipe.write_text(filled, encoding="utf-8")
    used = run([python, "-I", python.parent / "dj-process", "--config", recipe], path=path)
    shutil.rmtree(out)
    return used


def _clipped(setting: Setting, python: Path, films: Sequence[Film], path: Path) -> Usage:
    """video2dataset: cuts found, and exact clips of 32 frames of each scene. No filter, no scaling."""
    out = setting.fresh()
    commands = [(python, "-I", _SCRIPT, film.path, out / film.path.stem) for film in films]
    used = run_all(commands, _PROCESSES, path=path)
    shutil.rmtree(out)
    return used
