"""Parquet tables: the same rows give the same bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from skyscene.errors import StoreError
from skyscene.store.atomic import replacing
from skyscene.store.schemas import SCHEMA_VERSION

_ROWS_A_GROUP = 16_384


def write_table(path: Path, table: pa.Table) -> None:
    """Writes a table whole or not at all, in row groups of a fixed size."""
    with replacing(path) as temporary:
        pq.write_table(table, temporary, compression="zstd", row_group_size=_ROWS_A_GROUP)


def write_rows(path: Path, rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> None:
    """Writes rows under a schema; a missing key is null."""
    write_table(path, pa.Table.from_pylist([dict(row) for row in rows], schema=schema))


def read_table(path: Path, name: str, columns: Sequence[str] | None = None) -> pa.Table:
    """A table, checked to be the one that is meant.

    Raises:
        StoreError: Missing, broken, another table, or of another version.
    """
    try:
        table = pq.read_table(path, columns=columns)
    except (OSError, pa.ArrowInvalid, pa.ArrowKeyError) as error:
        raise StoreError(f"{path} cannot be read: {error}") from None
    metadata = table.schema.metadata or {}
    if metadata.get(b"skyscene_table") != name.encode():
        raise StoreError(f"{path} is not a SkyScene table of {name}")
    version = metadata.get(b"schema_version", b"?").decode()
    if version != str(SCHEMA_VERSION):
        raise StoreError(
            f"{path} has schema version {version}, this program reads {SCHEMA_VERSION}: "
            "use the SkyScene version that wrote it, or build again into a new folder"
        )
    return table


def read_rows(path: Path, name: str) -> list[dict[str, Any]]:
    """A table's rows as dictionaries."""
    rows: list[dict[str, Any]] = read_table(path, name).to_pylist()
    return rows
