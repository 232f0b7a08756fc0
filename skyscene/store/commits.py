"""The small files that make work count: one a reference, one a source's bytes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skyscene.errors import StoreError
from skyscene.records import Provenance, Source, SourceRef, SourceResult
from skyscene.store.atomic import read_json, write_json
from skyscene.store.folder import BuildFolder
from skyscene.store.rows import (
    clip_from,
    clip_row,
    facts_from,
    facts_row,
    scene_from,
    scene_row,
    transition_from,
    transition_row,
)
from skyscene.store.schemas import SCHEMA_VERSION

PASSING = frozenset({"timeout", "crash", "no-memory", "missing-file", "error"})
"""Codes of failures that another run may not meet again."""


@dataclass(frozen=True, slots=True)
class FileStamp:
    """Size and time of a file when it was hashed, so that a rerun need not hash it again."""

    size: int
    mtime_ns: int


def write_ref(folder: BuildFolder, source: Source, stamp: FileStamp | None) -> None:
    """Notes what a reference turned out to be."""
    ref = source.ref
    write_json(
        folder.ref(ref.ref_id),
        {
            "schema": SCHEMA_VERSION,
            "kind": ref.kind,
            "locator": ref.locator,
            "extras": dict(ref.extras),
            "official_split": ref.official_split,
            "status": source.status,
            "reason": source.reason,
            "source_id": source.source_id,
            "path": source.path,
            "sha256": source.sha256,
            "provenance": dataclasses.asdict(source.provenance),
            "stamp": dataclasses.asdict(stamp) if stamp else None,
        },
    )


def read_ref(folder: BuildFolder, ref_id: str) -> tuple[Source, FileStamp | None] | None:
    """What a reference turned out to be on an earlier run; none if it is new."""
    path = folder.ref(ref_id)
    if not path.is_file():
        return None
    row = _checked(read_json(path), str(path))
    ref = SourceRef(row["kind"], row["locator"], row["extras"], row["official_split"])
    source = Source(
        ref=ref,
        status=row["status"],
        reason=row["reason"],
        source_id=row["source_id"],
        path=row["path"],
        sha256=row["sha256"],
        provenance=Provenance(**row["provenance"]),
    )
    return source, FileStamp(**row["stamp"]) if row["stamp"] else None


def all_refs(folder: BuildFolder) -> Iterator[Source]:
    """Every reference ever given to this folder, by ref_id."""
    for path in sorted(folder.refs.glob("*.json")):
        found = read_ref(folder, path.stem)
        if found:
            yield found[0]


def write_result(folder: BuildFolder, result: SourceResult, path: Path | None = None) -> None:
    """Commits a source: after this it is finished. With another ``path`` it is only ready to be."""
    write_json(
        path or folder.content(result.source_id),
        {
            "schema": SCHEMA_VERSION,
            "reason": result.reason,
            "facts": facts_row(result.facts) if result.facts else None,
            "transitions": [transition_row(result.source_id, item) for item in result.transitions],
            "scenes": [scene_row(scene) for scene in result.scenes],
            "clips": [clip_row(clip) for clip in result.clips],
        },
    )


def read_result(folder: BuildFolder, source_id: str) -> SourceResult | None:
    """A finished source without its columns; none if it is not finished."""
    path = folder.content(source_id)
    if not path.is_file():
        return None
    row = _checked(read_json(path), str(path))
    return SourceResult(
        source_id=source_id,
        facts=facts_from(row["facts"]) if row["facts"] else None,
        reason=row["reason"],
        transitions=tuple(map(transition_from, row["transitions"])),
        scenes=tuple(map(scene_from, row["scenes"])),
        clips=tuple(map(clip_from, row["clips"])),
    )


def is_finished(folder: BuildFolder, source_id: str, want_clips: bool, retry: bool = False) -> bool:
    """Whether a source needs no more work.

    It is committed, did not fail in passing (nor at all, with ``retry``), its clips are written if they are
    wanted, and what was written is still there.
    """
    result = read_result(folder, source_id)
    if result is None:
        return False
    if result.reason:
        return not retry and result.reason.partition(":")[0] not in PASSING
    kept = [clip for clip in result.clips if clip.kept]
    if any(clip.state == "pending" for clip in kept):
        return not want_clips
    written = [folder.root / clip.path for clip in kept if clip.path]
    return all(path.is_file() for path in written) and (not written or folder.cache(source_id).is_file())


def _checked(row: Any, where: str) -> Any:
    if not isinstance(row, dict) or row.get("schema") != SCHEMA_VERSION:
        raise StoreError(
            f"{where} is not of schema version {SCHEMA_VERSION}: build again into a new folder, "
            "or use the SkyScene version that wrote it"
        )
    return row
