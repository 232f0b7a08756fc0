"""The tables against the commits they are the merge of, row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from skyscene.builder.fault import Fault
from skyscene.store import TABLES, BuildFolder, merged_rows, read_result

Row = dict[str, Any]

_MOST_COLUMNS = 4
_KEYS: Mapping[str, Callable[[Row], tuple[Any, ...]]] = {
    "sources": lambda row: (row["ref_id"],),
    "transitions": lambda row: tuple(
        row[name] for name in ("source_id", "kind", "frame_start", "frame_stop", "detector")
    ),
    "scenes": lambda row: (row["scene_id"],),
    "clips": lambda row: (row["clip_id"],),
}


def inspect_rows(folder: BuildFolder, tables: Mapping[str, Sequence[Row]]) -> Iterator[Fault]:
    """Rows that are missing, too many, twice, or not what was committed."""
    wanted = merged_rows(folder)
    known = {row["source_id"] for row in wanted["sources"] if row["source_id"] and row["status"] != "removed"}
    for source_id in sorted(known):
        if read_result(folder, source_id) is None:
            yield Fault("rows", source_id, "has no commit: run the build again")
    for table, key in _KEYS.items():
        have: dict[tuple[Any, ...], Row] = {}
        for row in tables[table]:
            have.setdefault(key(row), row)
        want = {key(row): row for row in wanted[table]}
        for at, count in sorted(Counter(map(key, tables[table])).items(), key=str):
            if count > 1:
                yield Fault("rows", str(at[0]), f"{_shown(at)}stands {count} times in {table}.parquet")
        for at in sorted(want.keys() - have.keys(), key=str):
            yield Fault("rows", str(at[0]), f"{_shown(at)}is committed but not in {table}.parquet")
        for at in sorted(have.keys() - want.keys(), key=str):
            yield Fault("rows", str(at[0]), f"{_shown(at)}is in {table}.parquet but was never committed")
        for at in sorted(want.keys() & have.keys(), key=str):
            columns = _different(want[at], have[at], TABLES[table])
            if columns:
                more = f" and {len(columns) - _MOST_COLUMNS} more" if len(columns) > _MOST_COLUMNS else ""
                named = ", ".join(columns[:_MOST_COLUMNS]) + more
                what = f"{_shown(at)}differs between {table}.parquet and its commit: {named}"
                yield Fault("rows", str(at[0]), what)


def _shown(key: tuple[Any, ...]) -> str:
    """What a row is called beyond the id that a fault names anyway."""
    if len(key) == 1:
        return ""
    return f"its {key[1]} at {key[2]}-{key[3]} "


def _different(wanted: Row, found: Row, columns: Iterable[str]) -> list[str]:
    """Columns in which a row is not what was committed; its side is checked against the assignments."""
    names = {*columns, *found} - {"split"}
    return sorted(name for name in names if not _same(wanted.get(name), found.get(name)))


def _same(one: Any, other: Any) -> bool:
    return bool(one == other or (one != one and other != other))
