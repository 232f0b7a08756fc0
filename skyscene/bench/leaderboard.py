"""A table that grows: rows of many runs, as long as all were scored alike."""

from __future__ import annotations

import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

from skyscene.bench.caveats import of_ranking
from skyscene.bench.results import ResultRow, Results
from skyscene.errors import BenchError
from skyscene.store import read_json, write_bytes, write_json

SCHEMA_VERSION = 2
_HEAD = ("benchmark", "size", "frames", "manifest_hash", "clips", "set_clips")


def add_to_leaderboard(results: Results, run: str, path: Path) -> int:
    """Adds the trained rows of a run, and the baselines of the first one; how many rows are new.

    Args:
        results: The run's table.
        run: Its name.
        path: The leaderboard, a JSON file, made if it is not there; a ``.md`` beside it shows it.

    Raises:
        BenchError: It holds another benchmark, version, data or spec ids, or another row of the same name.
    """
    if path.suffix != ".json":
        raise BenchError(f"{path}: a leaderboard is a .json file, and shown in the .md beside it")
    head = _head(results)
    board = read_json(path) if path.is_file() else {"schema_version": SCHEMA_VERSION, **head, "rows": []}
    if not isinstance(board, dict) or board.get("schema_version") != SCHEMA_VERSION or "rows" not in board:
        raise BenchError(f"{path} is no leaderboard that this version reads")
    other = [key for key in head if board.get(key) != head[key]]
    if other:
        told = "; ".join(f"{key} is {_told(board.get(key))}, the run's {_told(head[key])}" for key in other)
        raise BenchError(f"{path} cannot take {run}: {told}")
    there = {row["row"]: row for row in board["rows"]}
    added = 0
    for row in results.rows:
        if row.kind == "reference":
            continue
        entry = _entry(results, run, row)
        before = there.get(entry["row"])
        if before is None:
            board["rows"].append(entry)
            added += 1
        elif not _alike(before, entry):
            raise BenchError(
                f"{path} already has other numbers of {entry['row']}: "
                + ("give the run another name" if row.kind == "model" else "it was not scored alike")
            )
    write_json(path, board)
    write_bytes(path.with_suffix(".md"), _markdown(board).encode())
    return added


def _head(results: Results) -> dict[str, Any]:
    found = {key: value for key, value in asdict(results).items() if key in _HEAD}
    return {
        **found,
        "frames": list(results.frames),
        "metrics": [[c.spec_id, c.arrow] for c in results.columns if not c.absent],
    }


def _entry(results: Results, run: str, row: ResultRow) -> dict[str, Any]:
    mine = row.kind == "model"
    return {
        "row": f"{run}/{row.name}" if mine else row.name,
        "label": row.label,
        "kind": row.kind,
        "lossy": row.lossy,
        "seed": results.seed if mine else None,
        "budget": results.budget if mine else None,
        "notes": of_ranking(results.notes) if mine else [],
        "numbers": {
            column.spec_id: asdict(cell.scored) if cell.scored else None
            for column, cell in zip(results.columns, row.cells, strict=True)
            if not column.absent
        },
    }


def _alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two entries have the same numbers, but for their last digits."""
    if one["numbers"].keys() != other["numbers"].keys():
        return False
    pairs = [(one["numbers"][spec], other["numbers"][spec]) for spec in one["numbers"]]
    return all(
        (a is None and b is None)
        or (
            a is not None and b is not None and math.isclose(a["mean"], b["mean"], rel_tol=1e-4, abs_tol=1e-9)
        )
        for a, b in pairs
    )


def _told(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(one[0]) if isinstance(one, list) else str(one) for one in value)
    return str(value)


def _markdown(board: dict[str, Any]) -> str:
    specs = [spec for spec, _ in board["metrics"]]
    heads = ["row", "seed", "budget", *(f"`{spec}` {arrow}" for spec, arrow in board["metrics"])]
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)]]
    for row in board["rows"]:
        name = (
            row["label"]
            + (" (lossy)" if row["lossy"] else "")
            + ("" if row["kind"] == "model" else f" ({row['kind']})")
        )
        lines.append(
            [
                name,
                "-" if row["seed"] is None else str(row["seed"]),
                f"{row['budget']:,}" if row["budget"] else "-",
                *(_cell(row["numbers"][spec]) for spec in specs),
            ]
        )
    table = "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)
    about = f"{board['clips']} clips at {board['size']} px, data `{board['manifest_hash']}`."
    notes = dict.fromkeys(note for row in board["rows"] for note in row["notes"])
    told = "".join(f"\n- {note}" for note in notes)
    return f"# {board['benchmark']}\n\n{about}\n\n{table}\n" + (f"{told}\n" if told else "")


def _cell(found: dict[str, Any] | None) -> str:
    if found is None:
        return "-"
    ends = f" [{found['low']:.4g}, {found['high']:.4g}]" if found["low"] is not None else ""
    return f"{found['mean']:.4g}{ends}"
