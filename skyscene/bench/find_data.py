"""From what a user calls their data to the build folder that a benchmark reads."""

from __future__ import annotations

from pathlib import Path

from skyscene.bench.cache_folder import cache_folder
from skyscene.bench.data import CURES, BenchData, Kind, open_data
from skyscene.bench.embedded import drawn_set
from skyscene.bench.recipe import BenchmarkRecipe, DataSettings
from skyscene.bench.watch import Event, Watch
from skyscene.dataset.importers import (
    StripSides,
    check_ways,
    clip_length,
    import_official,
    import_strips,
    is_official,
    survey,
)
from skyscene.errors import BenchError
from skyscene.nets.mdgan_generator import FRAMES
from skyscene.store import BuildFolder, read_json

_WANTED = {
    "folder": "a folder that `skyscene build` made and `skyscene split` split",
    "strips": "the folder of VGAN's strips, with the list that the benchmark names",
}


def check_wanted(name: str, benchmark: BenchmarkRecipe, data: str | Path | None) -> None:
    """Sees that a benchmark gets data where it wants them, and none where it draws its own.

    Raises:
        BenchError: It does not.
    """
    if benchmark.data.kind != "drawn" and data is None:
        raise BenchError(f"{name} wants --data DIR, {_WANTED[benchmark.data.kind]}")
    if benchmark.data.kind == "drawn" and data is not None:
        raise BenchError(f"{name} draws its own skies: leave out --data, or give --benchmark sky64")


def find_data(
    benchmark: BenchmarkRecipe, data: str | None, policy: str, spatial: str, watch: Watch
) -> BenchData:
    """The clips of a benchmark.

    Args:
        benchmark: The benchmark.
        data: A build folder, the published set, or VGAN's strips; none for drawn skies.
        policy: Of the published layout: which frames become clips.
        spatial: Of the published layout: how a picture becomes a square.
        watch: Told what happens.

    Raises:
        StoreError: It is no build folder, or has no split.
        RecipeError: No such policy or way to a square is known; also told where the data have no use for one.
        BenchError: A side has too few clips, or they do not fit the benchmark.
    """
    check_ways(policy, spatial)
    kind: Kind = "folder"
    if data is None:
        kind, folder = "drawn", drawn_set(benchmark.data, watch)
    elif benchmark.data.kind == "strips":
        kind, folder = "strips", _strips(Path(data), benchmark.data, watch)
    elif is_official(Path(data)):
        kind, folder = "published", _published(Path(data), benchmark, policy, spatial, watch)
    else:
        folder = Path(data)
    return open_data(folder, benchmark, kind)


def _strips(root: Path, settings: DataSettings, watch: Watch) -> Path:
    """VGAN's strips, packed on first use."""
    sides = StripSides(1 - settings.test, settings.val, settings.pairs, settings.seed)
    folder = import_strips(
        root,
        settings.strips,
        cache_folder(),
        sides=sides,
        size=settings.size,
        tick=lambda done, total: watch(Event("score", "packing sources", done, total)),
        waits=lambda folder: _waits(folder, watch),
    )
    path = BuildFolder(folder).odd
    odd = read_json(path)
    if odd:
        watch(Event("note", f"{len(odd)} strips are left out ({path}), the first: {odd[0]}"))
    return folder


def _published(root: Path, benchmark: BenchmarkRecipe, policy: str, spatial: str, watch: Watch) -> Path:
    """The published set, packed on first use."""
    if clip_length(policy) != FRAMES:
        # Known before hundreds of videos are packed.
        raise BenchError(
            f"--policy {policy} makes clips of {clip_length(policy)} frames, the models draw {FRAMES}: "
            f"{CURES['published'].length}"
        )
    found = survey(root)
    for line in found.lines():
        watch(Event("note", line))
    folder = import_official(
        found,
        cache_folder(),
        policy=policy,
        spatial=spatial,
        size=benchmark.data.size,
        tick=lambda done, total: watch(Event("score", "packing videos", done, total)),
        waits=lambda folder: _waits(folder, watch),
    )
    path = BuildFolder(folder).odd
    odd = read_json(path)
    if odd:
        watch(Event("note", f"{len(odd)} odd things are listed in {path}, such as {odd[-1]}"))
    return folder


def _waits(folder: Path, watch: Watch) -> None:
    watch(Event("note", f"waiting for another command that packs {folder}"))
