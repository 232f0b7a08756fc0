"""Takes away what no reference leads to any more: sources that were removed, or whose file was replaced."""

from __future__ import annotations

import shutil

from skyscene.store.commits import all_refs
from skyscene.store.folder import BuildFolder


def sweep(folder: BuildFolder) -> list[str]:
    """Deletes commits, columns, clips and caches of bytes that no living reference has.

    Sides already given stay in assignments.parquet, so that a source that comes back finds its own.

    Returns:
        The source_ids that were taken away, sorted.
    """
    living = {ref.source_id for ref in all_refs(folder) if ref.status != "removed"}
    dead = sorted({path.stem for path in folder.contents.glob("*.json")} - {str(item) for item in living})
    for source_id in dead:
        shutil.rmtree(folder.clip_folder(source_id), ignore_errors=True)
        for path in (folder.cache(source_id), folder.frames(source_id), folder.thumbs(source_id)):
            path.unlink(missing_ok=True)
        # Last, so that an interrupted sweep is finished by the next one.
        folder.content(source_id).unlink()
    return dead
