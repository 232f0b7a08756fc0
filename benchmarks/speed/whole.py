"""The whole build beside one ffmpeg command a film that encodes the same frames."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.speed import programs, shares
from benchmarks.speed.contest import interleave
from benchmarks.speed.footage import Film
from benchmarks.speed.process import Command, on_cores, run, run_all
from benchmarks.speed.result import Goal, Result, versus
from benchmarks.speed.setting import Setting, processes_of, total
from skyscene.builder import load_recipe
from skyscene.media import Size, clip_size

GOAL = Goal(1.4, at_most=True)
OURS, FFMPEG = "skyscene build", "ffmpeg decode, scale and encode"
_PROCESSES = 2
Kept = dict[Path, list[tuple[int, int]]]


def whole(setting: Setting) -> Iterator[Result]:
    """How many times the time of one bare ffmpeg command a film our build takes."""
    scope = setting.scope
    yield _beside_ffmpeg(setting, setting.footage.films(scope.height, scope.build), setting.goal(GOAL))
    for height, frames in scope.beside:
        yield _beside_ffmpeg(setting, setting.footage.films(height, frames // 2), None)


def _beside_ffmpeg(setting: Setting, films: Sequence[Film], goal: Goal | None) -> Result:
    kept = kept_by_a_build(setting, films)
    setting.work.joinpath("encoded").mkdir(exist_ok=True)
    commands = [_encode(setting, film, kept[film.path]) for film in films if kept[film.path]]
    sides = {
        OURS: partial(setting.built, films, _PROCESSES),
        FFMPEG: partial(run_all, commands, _PROCESSES),
    }
    with on_cores(_PROCESSES):
        ours, other = interleave(sides, setting.runs).values()
    case = f"{films[0].height}p, {total(films)} frames, {processes_of(_PROCESSES)}"
    clips = sum(map(len, kept.values()))
    note = f"{clips} clips; ours also writes the packed frames, the index and thumbnails"
    return shares.explain(versus("build", case, ours, other, goal, note=note), setting, films[0].path)


def kept_by_a_build(setting: Setting, films: Sequence[Film]) -> Kept:
    """The spans of frames that a build of the films keeps."""
    out = setting.fresh()
    run(programs.build((film.path for film in films), out, _PROCESSES, "--no-clips"))
    sources = pq.read_table(out / "sources.parquet", columns=["source_id", "path"]).to_pylist()
    names = {row["source_id"]: Path(row["path"]).resolve() for row in sources}
    kept: Kept = {film.path: [] for film in films}
    resolved = {film.path.resolve(): film.path for film in films}
    columns = ["source_id", "frame_start", "frame_stop", "kept"]
    for row in pq.read_table(out / "clips.parquet", columns=columns).to_pylist():
        if row["kept"]:
            span = row["frame_start"], row["frame_stop"]
            kept[resolved[names[row["source_id"]]]].append(span)
    return kept


def _encode(setting: Setting, film: Film, kept: Sequence[tuple[int, int]]) -> Command:
    settings = load_recipe("sky", ()).clips
    size = clip_size(Size(film.width, film.height), settings.long_side)
    out = setting.work / "encoded" / f"{film.path.stem}.mp4"
    return programs.encode_kept(
        film.path, kept, (size.width, size.height), settings.crf, settings.preset, out
    )
