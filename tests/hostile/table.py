"""docs/bad-input.md as the tests read it: what it promises is what they ask for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "bad-input.md"


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        name: The first column.
        says: The texts in the second, all of which are printed; an ellipsis stands for anything.
        status: The third: a status of the index, or an exit code.
        kept: The fourth.
        test: The fifth: ``file.py::test``.
    """

    name: str
    says: tuple[str, ...]
    status: str
    kept: str
    test: str

    def number(self, what: str) -> int:
        """The number before a word of the fourth column; 0 where it is not there."""
        found = re.search(rf"(\d+) {what}", self.kept)
        return int(found[1]) if found else 0

    def missing(self, printed: str) -> list[str]:
        """What is promised, and was not printed."""
        return [text for text in self.says if not re.search(_pattern(text), printed)]


def _pattern(text: str) -> str:
    return ".*".join(map(re.escape, text.split("…")))


def read_rows() -> dict[str, Row]:
    """The rows of all tables of the page, by name."""
    rows: dict[str, Row] = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) != 5 or cells[0] in ("input", "---"):
            continue
        name, says, status, kept, test = cells
        assert name not in rows, f"{name} is there twice"
        rows[name] = Row(
            name, tuple(re.findall(r"`([^`]+)`", says)), status.strip("`"), kept, test.strip("`")
        )
    return rows


ROWS = read_rows() if PAGE.is_file() else {}
