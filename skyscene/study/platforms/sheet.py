"""CSV files for others to open."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from skyscene.errors import StudyError
from skyscene.store import write_bytes

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_sheet(path: Path, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Writes a CSV file whole or not at all.

    Raises:
        StudyError: A cell would be run as a formula by a spreadsheet.
    """
    for row in rows:
        for cell in row:
            if isinstance(cell, str) and cell.startswith(_FORMULA):
                raise StudyError(f"{path.name}: {cell[:40]!r} would be a formula in a spreadsheet")
    sheet = io.StringIO(newline="")
    csv.writer(sheet).writerows([columns, *rows])
    write_bytes(path, sheet.getvalue().encode())
