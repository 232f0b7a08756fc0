"""Takes away what no reference leads to any more, and what a killed process left half done."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from skyscene.records import SourceResult
from skyscene.store.commits import all_refs, read_result
from skyscene.store.folder import BuildFolder


def sweep_parts(folder: BuildFolder) -> None:
    """Deletes the temporary files of processes that died. The caller holds the lock."""
    for path in folder.root.rglob(".*.part"):
        if folder.media not in path.parents:
            path.unlink(missing_ok=True)


def sweep(folder: BuildFolder) -> list[str]:
    """Deletes commits, columns, clips and caches of bytes that no living reference has, and stray files.

    Sides already given stay in assignments.parquet, so that a source that comes back finds its own.

    Returns:
        The source_ids whose commits were taken away, sorted.
    """
    living = {str(ref.source_id) for ref in all_refs(folder) if ref.status != "removed"}
    committed = {path.stem for path in folder.contents.glob("*.json")}
    for source_id, path in _files(folder):
        if source_id not in living & committed:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for source_id in sorted(living & committed):
        result = read_result(folder, source_id)
        if result is not None:
            _sweep_strays(folder, source_id, result)
    # Last, so that an interrupted sweep is finished by the next one.
    dead = sorted(committed - living)
    for source_id in dead:
        folder.content(source_id).unlink()
    return dead


def _files(folder: BuildFolder) -> Iterator[tuple[str, Path]]:
    """What lies about of every source: its clip folder, cache, columns and thumbnails."""
    for parent in (folder.root / "clips", folder.root / "cache", folder.root / "frames"):
        for path in sorted(parent.iterdir()) if parent.is_dir() else ():
            yield path.name.partition(".")[0], path


def _sweep_strays(folder: BuildFolder, source_id: str, result: SourceResult) -> None:
    """Deletes what an earlier, unfinished run of a source left beside its clips."""
    named = {clip.path for clip in result.clips if clip.path}
    clips = folder.clip_folder(source_id)
    for path in sorted(clips.iterdir()) if clips.is_dir() else ():
        if folder.relative(path) not in named:
            path.unlink()
    if not named:
        folder.cache(source_id).unlink(missing_ok=True)
        if clips.is_dir():
            clips.rmdir()
