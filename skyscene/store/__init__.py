"""The build folder on disk: atomic writes, one writer, commits, and tables merged from them."""

from skyscene.store.atomic import FULL, disk_message, read_json, replacing, reserve, write_bytes, write_json
from skyscene.store.change import (
    Change,
    begin_change,
    end_change,
    existing,
    read_change,
    refuse_change,
    settle,
    settle_all,
    stage,
    staged_cache,
)
from skyscene.store.columns import read_frames, read_thumbs, write_frames, write_thumbs
from skyscene.store.commits import (
    PASSING,
    FileStamp,
    all_refs,
    is_finished,
    read_ref,
    read_result,
    write_ref,
    write_result,
)
from skyscene.store.folder import BuildFolder
from skyscene.store.lock import awaiting, holding, writing
from skyscene.store.merge import merge, merged_rows, read_assignments, write_assignments
from skyscene.store.schemas import LABEL, SCHEMA_VERSION, SCORE, TABLES, THRESHOLD, schema
from skyscene.store.sweep import sweep, sweep_parts
from skyscene.store.tables import read_rows, read_table, write_rows, write_table

__all__ = [
    "FULL",
    "LABEL",
    "PASSING",
    "SCHEMA_VERSION",
    "SCORE",
    "TABLES",
    "THRESHOLD",
    "BuildFolder",
    "Change",
    "FileStamp",
    "all_refs",
    "awaiting",
    "begin_change",
    "disk_message",
    "end_change",
    "existing",
    "holding",
    "is_finished",
    "merge",
    "merged_rows",
    "read_assignments",
    "read_change",
    "read_frames",
    "read_json",
    "read_ref",
    "read_result",
    "read_rows",
    "read_table",
    "read_thumbs",
    "refuse_change",
    "replacing",
    "reserve",
    "schema",
    "settle",
    "settle_all",
    "stage",
    "staged_cache",
    "sweep",
    "sweep_parts",
    "write_assignments",
    "write_bytes",
    "write_frames",
    "write_json",
    "write_ref",
    "write_result",
    "write_rows",
    "write_table",
    "write_thumbs",
    "writing",
]
