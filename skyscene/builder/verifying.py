"""`skyscene verify`: every promise of the index, checked by decoding again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from skyscene.builder.beside import read_recipe_table
from skyscene.builder.executor import LocalExecutor
from skyscene.builder.fault import Fault
from skyscene.builder.inspect_source import inspect_source
from skyscene.builder.inspect_tables import Tables, inspect_tables, read_tables
from skyscene.builder.inspection import Findings, Inspection
from skyscene.builder.progress import Event, Watch, nobody
from skyscene.builder.recipe import Cutting, read_cutting
from skyscene.records import Executor, Limits
from skyscene.store import BuildFolder, existing, merged_rows


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What was checked, and what is broken.

    Attributes:
        clips: Kept, written clips looked at.
        decoded: Of them, those compared with their source's frames.
        sources: Sources decoded again.
        faults: A fault a broken promise; empty where all holds.
        notices: What breaks no promise, but should be known: files that two decoders read differently.
    """

    clips: int
    decoded: int
    sources: int
    faults: tuple[Fault, ...]
    notices: tuple[str, ...] = ()

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

    Clips and sources are decoded by another program than the build used. A source's frames must have the
    hashes the index holds, the cache must hold exactly those frames, and every frame of a clip must match its
    own source frame better than the ones beside it. Where two decoders differ on a damaged source, the one
    that built is asked, too: the difference is a fault only if a clip holds such a frame. Where a source is
    not at hand, the hashes of the clips and of their cache rows must be those that were written, and both
    must show what the stored columns say.

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
    table = read_recipe_table(place)
    recipe = read_cutting(table)
    inspections = list(_inspections(_committed(place, tables), table))
    watch(Event("start", "verifying", len(inspections)))
    limits = Limits(seconds=recipe.media.max_minutes * 120 or None)
    notices: list[str] = []
    compared = 0
    for outcome in executor.run(_Work(place, recipe), inspections, limits):
        item, findings = outcome.item, outcome.value
        assert isinstance(item, Inspection)
        if findings is None:
            faults.append(Fault("readable", item.source_id, f"{outcome.code}: {outcome.error}"))
        else:
            faults += findings.faults
            notices += findings.notices
            compared += len(findings.compared)
        watch(Event("built", item.path.name if item.path else item.source_id, kept=len(item.clips)))
    return VerifyReport(
        clips=sum(len(item.clips) for item in inspections),
        decoded=compared,
        sources=sum(item.path is not None for item in inspections),
        faults=tuple(sorted(set(faults))),
        notices=tuple(sorted(notices)),
    )


class _Work:
    def __init__(self, folder: BuildFolder, recipe: Cutting) -> None:
        self._folder = folder
        self._recipe = recipe

    def __call__(self, item: Inspection) -> Findings:
        return inspect_source(item, self._folder, self._recipe)


def _committed(folder: BuildFolder, tables: Tables) -> Tables:
    """The rows as committed: one that was changed by hand must not make a sound clip look wrong."""
    wanted = Tables(**merged_rows(folder))
    known = {scene["source_id"] for scene in wanted.scenes}
    return replace(
        wanted,
        scenes=wanted.scenes + [row for row in tables.scenes if row["source_id"] not in known],
        clips=wanted.clips + [row for row in tables.clips if row["source_id"] not in known],
    )


def _inspections(tables: Tables, recipe: Mapping[str, Any]) -> Iterator[Inspection]:
    """One a source with written clips, with its path where the file is still there."""
    owners: dict[str, dict[str, Any]] = {}
    paths: dict[str, Path] = {}
    # The owner of the clips comes first.
    for row in sorted(tables.sources, key=lambda row: (row["duplicate_of"] is not None, row["ref_id"])):
        if row["source_id"] and row.get("frames"):
            owners.setdefault(row["source_id"], row)
            if row["path"] and Path(row["path"]).is_file():
                paths.setdefault(row["source_id"], Path(row["path"]))
    clips: dict[str, dict[str, dict[str, Any]]] = {}
    for clip in tables.clips:
        if clip["kept"] and clip["state"] == "encoded":
            clips.setdefault(clip["source_id"], {})[clip["clip_id"]] = clip
    scenes = {scene["scene_id"]: scene for scene in tables.scenes}
    columns = int(recipe.get("measures", {}).get("tiles", {}).get("columns", 0))
    for source_id, mine in sorted(clips.items()):
        if source_id in owners:
            rows = tuple(sorted(mine.values(), key=lambda clip: clip["frame_start"]))
            crops = {clip["scene_id"]: scenes.get(clip["scene_id"]) for clip in rows}
            yield Inspection(source_id, paths.get(source_id), owners[source_id], rows, crops, columns)
