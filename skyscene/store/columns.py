"""Per-frame columns and thumbnails of a source on disk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from skyscene.records import Column, Frames
from skyscene.store.atomic import replacing
from skyscene.store.schemas import SCHEMA_VERSION
from skyscene.store.tables import read_table, write_table

_OWN = ("pts", "luma_hash", "gap")
_THUMBS_A_GROUP = 256


def _metadata(table: str, **facts: Any) -> dict[str, str]:
    return {"skyscene_table": table, "schema_version": str(SCHEMA_VERSION), "facts": json.dumps(facts)}


_THUMBS = pa.schema([("frame", pa.int64()), ("jpeg", pa.binary())], metadata=_metadata("thumbs"))


# From buffers, because `pa.array` imports pandas wherever that is installed: 0.8 s of every worker.
def _to_arrow(column: Column) -> pa.Array:
    if column.ndim == 2:
        return pa.FixedSizeListArray.from_arrays(_to_arrow(column.reshape(-1)), column.shape[1])
    if column.dtype.kind not in "biuf":
        return pa.array(column)
    values = np.packbits(column, bitorder="little") if column.dtype == bool else np.ascontiguousarray(column)
    buffers = [None, pa.py_buffer(values)]
    return pa.Array.from_buffers(pa.from_numpy_dtype(column.dtype), len(column), buffers)


def _binary(items: Sequence[bytes]) -> pa.Array:
    offsets = np.cumsum([0, *map(len, items)], dtype=np.int64)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(b"".join(items))]
    return pa.Array.from_buffers(pa.large_binary(), len(items), buffers).cast(pa.binary())


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


def _thumbs_writer(path: Path) -> pq.ParquetWriter:
    """JPEG data are neither alike nor to be compressed further."""
    return pq.ParquetWriter(path, _THUMBS, compression="none", use_dictionary=False)


def write_thumbs(path: Path, thumbs: Sequence[tuple[int, bytes]]) -> None:
    """Writes small pictures: frame number and JPEG bytes."""
    with replacing(path) as temporary, _thumbs_writer(temporary) as file:
        for start in range(0, len(thumbs), _THUMBS_A_GROUP):
            some = thumbs[start : start + _THUMBS_A_GROUP]
            columns = [
                _to_arrow(np.array([frame for frame, _ in some], np.int64)),
                _binary([j for _, j in some]),
            ]
            file.write_table(pa.table(columns, schema=_THUMBS))


def read_thumbs(path: Path) -> list[tuple[int, bytes]]:
    """Small pictures of a source: frame number and JPEG bytes."""
    table = read_table(path, "thumbs")
    return list(zip(table["frame"].to_pylist(), table["jpeg"].to_pylist(), strict=True))
