"""The set that needs no data: skies that are drawn once, built, and kept in the cache folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from skyscene.bench.cache_folder import cache_folder
from skyscene.bench.recipe import DataSettings
from skyscene.bench.watch import Event, Watch
from skyscene.builder import Event as BuildEvent
from skyscene.builder import LocalExecutor, build, render_films, split
from skyscene.errors import BenchError
from skyscene.store import BuildFolder, awaiting, read_table
from skyscene.synth import training_sources

_FRAMES = 64
_SHARES = 0.1, 0.15
"""Of val and test in the shipped benchmarks."""
_VERSION = 1
"""Of the drawn set; a part of its folder's name."""


def drawn_set(settings: DataSettings, watch: Watch, workers: int | None = None) -> Path:
    """The build folder of drawn skies with these settings; made now if it is not there.

    What was begun is gone on with; what another command draws now is waited for.

    Raises:
        StoreError: The cache folder cannot be written.
        BenchError: A side came out empty.
        SkySceneError: A script without a main guard asks for it.
    """
    folder = cache_folder() / _name(settings)
    out = folder / "set"
    if _is_split(out):
        return out
    executor = LocalExecutor(workers)  # before the lock: a worker that runs this again would wait for itself
    waits = Event("note", f"waiting for another command that draws skies into {folder}")
    with awaiting(folder / ".lock", lambda: watch(waits)):
        if not _is_split(out):
            _draw(settings, folder, watch, executor)
    return out


def _draw(settings: DataSettings, folder: Path, watch: Watch, executor: LocalExecutor) -> None:
    out = folder / "set"
    watch(Event("note", f"drawing {settings.sources} skies into {folder}: once, some minutes"))
    sources = training_sources(settings.sources, settings.seed, settings.size, _FRAMES, settings.wind)
    films = render_films(
        sources, folder / "films", executor=executor, watch=_counted(watch, "drawing skies", settings.sources)
    )
    side = f"[{settings.size}, {settings.size}]"
    build(
        films,
        out,
        set=[f"cache.size={side}"],
        executor=executor,
        watch=_counted(watch, "cutting clips", settings.sources),
    )
    report = split(out, val=settings.val, test=settings.test, seed=settings.seed)
    if not all(report.clips.get(part) for part in ("train", "val", "test")):
        raise BenchError(
            f"{out}: a side of the drawn set came out empty: raise data.sources of the benchmark's recipe "
            f"({settings.sources}), or its data.val and data.test"
        )
    shutil.rmtree(folder / "films", ignore_errors=True)


def _name(settings: DataSettings) -> str:
    """Everything that decides the set; the shares of the shipped sets go without saying."""
    wind = "-wind{:g},{:g}".format(*settings.wind) if settings.wind else ""
    shares = settings.val, settings.test
    told = "" if shares == _SHARES else "-val{}-test{}".format(*shares)
    return f"drawn-v{_VERSION}-{settings.size}px-{settings.sources}-seed{settings.seed}{wind}{told}"


def _counted(watch: Watch, text: str, total: int) -> Callable[[BuildEvent], None]:
    done = 0

    def told(event: BuildEvent) -> None:
        nonlocal done
        done += event.kind in ("built", "skip", "failed")
        watch(Event("score", text, done, total))

    return told


def _is_split(out: Path) -> bool:
    folder = BuildFolder(out)
    if not folder.assignments.is_file() or not folder.clips.is_file():
        return False
    sides = read_table(folder.clips, "clips")["split"]
    return bool(sides.null_count < len(sides))
