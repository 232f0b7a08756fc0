"""The tables as a pure, sorted merge of the commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from skyscene.records import Assignment, Source, SourceResult
from skyscene.store.commits import all_refs, read_result
from skyscene.store.folder import BuildFolder
from skyscene.store.rows import Row, clip_row, scene_row, source_row, transition_row
from skyscene.store.schemas import schema
from skyscene.store.tables import read_rows, write_rows


def own_clips(sources: Sequence[Source]) -> list[Source]:
    """The sources with `duplicate_of` filled in: the smallest ref_id with the same bytes owns the clips."""
    owner: dict[str, str] = {}
    for source in sorted(sources, key=lambda item: item.ref.ref_id):
        if source.source_id:
            owner.setdefault(source.source_id, source.ref.ref_id)
    return [
        replace(
            source,
            duplicate_of=None if owner[source.source_id] == source.ref.ref_id else owner[source.source_id],
        )
        if source.source_id
        else source
        for source in sources
    ]


def with_result(source: Source, result: SourceResult | None) -> Source:
    """A source with what its bytes yielded."""
    if source.status == "removed" or source.source_id is None:
        return source
    if result is None:
        return replace(source, status="failed", reason="unfinished: run the build again")
    if result.reason:
        return replace(source, status="failed", reason=result.reason, facts=result.facts)
    return replace(source, facts=result.facts)


def merged_rows(folder: BuildFolder) -> dict[str, list[Row]]:
    """What the four tables hold, by the commits and the assignments alone."""
    refs = own_clips(list(all_refs(folder)))
    used = sorted({ref.source_id for ref in refs if ref.source_id and ref.status != "removed"})
    results = {source_id: read_result(folder, source_id) for source_id in used}
    sides = {item.source_id: item.side for item in read_assignments(folder)}
    sources = [source_row(with_result(ref, results.get(ref.source_id or ""))) for ref in refs]
    transitions: list[Row] = []
    scenes: list[Row] = []
    clips: list[Row] = []
    for source_id, result in results.items():
        if result is None:
            continue
        transitions += [transition_row(source_id, item) for item in sorted(result.transitions)]
        scenes += [scene_row(scene) for scene in sorted(result.scenes, key=lambda item: item.interval)]
        for clip in sorted(result.clips, key=lambda item: item.interval):
            side = sides.get(source_id) if clip.kept and clip.state != "pending" else None
            clips.append(clip_row(clip) | {"split": side})
    return {"sources": sources, "transitions": transitions, "scenes": scenes, "clips": clips}


def merge(folder: BuildFolder, scores: Sequence[str], labels: Sequence[str]) -> None:
    """Writes the four tables anew from the commits and the assignments.

    Args:
        folder: The build folder, locked by the caller.
        scores: Names of the recipe's filters.
        labels: Names of the recipe's labellers.
    """
    rows = merged_rows(folder)
    write_rows(folder.sources, rows["sources"], schema("sources"))
    write_rows(folder.transitions, rows["transitions"], schema("transitions"))
    write_rows(folder.scenes, rows["scenes"], schema("scenes"))
    write_rows(folder.clips, rows["clips"], schema("clips", scores, labels))


def read_assignments(folder: BuildFolder) -> list[Assignment]:
    """The sides that were given so far, by source_id; empty before the first split."""
    if not folder.assignments.is_file():
        return []
    return [Assignment(**row) for row in read_rows(folder.assignments, "assignments")]


def write_assignments(folder: BuildFolder, assignments: Sequence[Assignment]) -> None:
    """Writes the sides."""
    rows: list[Mapping[str, object]] = [
        {"source_id": a.source_id, "group_id": a.group_id, "side": a.side, "why": a.why}
        for a in sorted(assignments, key=lambda item: item.source_id)
    ]
    write_rows(folder.assignments, rows, schema("assignments"))
