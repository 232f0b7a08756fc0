"""Per-frame columns and thumbnails of a source on disk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from skyscene.records import Column, Frames
from skyscene.store.schemas import SCHEMA_VERSION
from skyscene.store.tables import read_table, write_table

_OWN = ("pts", "luma_hash", "gap")


def _metadata(table: str, **facts: Any) -> dict[str, str]:
    return {"skyscene_table": table, "schema_version": str(SCHEMA_VERSION), "facts": json.dumps(facts)}


def _to_arrow(column: Column) -> pa.Array:
    if column.ndim == 1:
        return pa.array(column)
    flat = pa.array(np.ascontiguousarray(column).reshape(-1))
    return pa.FixedSizeListArray.from_arrays(flat, column.shape[1])


def _to_numpy(column: pa.ChunkedArray) -> Column:
    array = column.combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks)
    if pa.types.is_fixed_size_list(array.type):
        width = array.type.list_size
        return np.asarray(array.flatten().to_numpy(zero_copy_only=False)).reshape(-1, width)
    return np.asarray(array.to_numpy(zero_copy_only=False))


def write_frames(path: Path, frames: Frames) -> None:
    """Writes the columns of a whole source."""
    arrays = {name: _to_arrow(getattr(frames, name)) for name in _OWN}
    arrays |= {name: _to_arrow(column) for name, column in frames.columns.items()}
    facts = {"fps": frames.fps, "width": frames.width, "height": frames.height}
    table = pa.table(arrays).replace_schema_metadata(
        _metadata("frames", versions=dict(sorted(frames.versions.items())), **facts)
    )
    write_table(path, table)


def read_frames(path: Path) -> Frames:
    """The columns of a whole source.

    Raises:
        StoreError: Missing, broken or of another version.
    """
    table = read_table(path, "frames")
    facts = json.loads(table.schema.metadata[b"facts"])
    columns = {name: _to_numpy(table[name]) for name in table.column_names}
    pts, luma_hash, gap = (columns.pop(name) for name in _OWN)
    return Frames(pts=pts, luma_hash=luma_hash, gap=gap, columns=columns, **facts)


def write_thumbs(path: Path, thumbs: Sequence[tuple[int, bytes]]) -> None:
    """Writes small pictures: frame number and JPEG bytes."""
    table = pa.table(
        {
            "frame": pa.array([frame for frame, _ in thumbs], pa.int64()),
            "jpeg": pa.array([jpeg for _, jpeg in thumbs], pa.binary()),
        }
    )
    write_table(path, table.replace_schema_metadata(_metadata("thumbs")))


def read_thumbs(path: Path) -> list[tuple[int, bytes]]:
    """Small pictures of a source: frame number and JPEG bytes."""
    table = read_table(path, "thumbs")
    return list(zip(table["frame"].to_pylist(), table["jpeg"].to_pylist(), strict=True))
