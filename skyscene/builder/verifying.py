"""`skyscene verify`: every promise of the index, checked by decoding again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skyscene.builder.beside import read_recipe_table
from skyscene.builder.executor import LocalExecutor
from skyscene.builder.inspect_source import Inspection, inspect_source
from skyscene.builder.inspect_tables import Fault, Tables, inspect_tables, read_tables
from skyscene.builder.progress import Event, Watch, nobody
from skyscene.builder.recipe import Cutting, read_cutting
from skyscene.records import Executor, Limits
from skyscene.store import BuildFolder, existing


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What was checked, and what is broken.

    Attributes:
        clips: Kept, written clips looked at.
        decoded: Of them, those whose source was at hand and decoded again.
        sources: Sources decoded again.
        faults: A fault a broken promise; empty where all holds.
    """

    clips: int
    decoded: int
    sources: int
    faults: tuple[Fault, ...]

    @property
    def by_promise(self) -> dict[str, int]:
        """Promise to number of faults."""
        return dict(Counter(fault.promise for fault in self.faults))


def verify(
    folder: str | Path,
    *,
    workers: int | None = None,
    watch: Watch = nobody,
    executor: Executor | None = None,
) -> VerifyReport:
    """Checks a build folder against its own index; changes nothing.

    The clips are decoded by another program than the build used. Where a source is at hand it is decoded
    again, too: its frames must have the hashes the index holds, the cache must hold exactly those frames,
    and every frame of a clip must match its own source frame better than the ones beside it.

    Args:
        folder: A build folder.
        workers: Worker processes; as many as processors by default.
        watch: Told of every source that was checked.
        executor: Where sources are decoded; local processes by default.

    Raises:
        StoreError: Not a build folder, or a table that cannot be read.
    """
    executor = executor or LocalExecutor(workers)
    place = existing(Path(folder))
    tables = read_tables(place)
    faults = list(inspect_tables(place, tables))
    recipe = read_cutting(read_recipe_table(place))
    inspections = list(_inspections(tables))
    watch(Event("start", "verifying", len(inspections)))
    limits = Limits(seconds=recipe.media.max_minutes * 120 or None)
    for outcome in executor.run(_Work(place, recipe), inspections, limits):
        item = outcome.item
        assert isinstance(item, Inspection)
        if outcome.value is None:
            faults.append(Fault("readable", item.source_id, f"{outcome.code}: {outcome.error}"))
        else:
            faults += outcome.value
        watch(Event("built", item.path.name if item.path else item.source_id, kept=len(item.clips)))
    at_hand = [item for item in inspections if item.path]
    return VerifyReport(
        clips=sum(len(item.clips) for item in inspections),
        decoded=sum(len(item.clips) for item in at_hand),
        sources=len(at_hand),
        faults=tuple(sorted(faults)),
    )


class _Work:
    def __init__(self, folder: BuildFolder, recipe: Cutting) -> None:
        self._folder = folder
        self._recipe = recipe

    def __call__(self, item: Inspection) -> list[Fault]:
        return inspect_source(item, self._folder, self._recipe)


def _inspections(tables: Tables) -> Iterator[Inspection]:
    """One a source with written clips, with its path where the file is still there."""
    paths: dict[str, Path] = {}
    for row in tables.sources:
        if row["source_id"] and row["path"] and Path(row["path"]).is_file():
            paths.setdefault(row["source_id"], Path(row["path"]))
    clips: dict[str, list[dict[str, Any]]] = {}
    for clip in tables.clips:
        if clip["kept"] and clip["state"] == "encoded":
            clips.setdefault(clip["source_id"], []).append(clip)
    scenes = {scene["scene_id"]: scene for scene in tables.scenes}
    for source_id, mine in sorted(clips.items()):
        crops = {clip["scene_id"]: scenes.get(clip["scene_id"]) for clip in mine}
        yield Inspection(source_id, paths.get(source_id), tuple(mine), crops)
