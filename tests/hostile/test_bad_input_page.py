"""The page's table and the tests hold each other: no row without its test, no test beside the table."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.hostile.table import PAGE, ROWS

HERE = Path(__file__).parent
SHARED = ("cases.py",)


def texts(file: str) -> set[str]:
    """Every text constant of a test file, and of what it takes its cases from."""
    trees = [ast.parse((HERE / name).read_text(encoding="utf-8")) for name in (file, *SHARED)]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


@pytest.mark.parametrize("name", ROWS)
def test_every_row_has_a_test_that_asks_for_it(name: str) -> None:
    row = ROWS[name]
    file, _, test = row.test.partition("::")
    tree = ast.parse((HERE / file).read_text(encoding="utf-8"))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert test in functions, f"{row.test} is not there"
    assert "ROWS[" in ast.unparse(functions[test]), f"{row.test} does not look into the table"
    assert name in texts(file), f"{file} does not ask for it"


def test_every_status_is_one() -> None:
    statuses = {row.status for row in ROWS.values()}
    assert statuses <= {"done", "failed", "missing", "exit 1", "exit 2", "exit 130", "exit 143"}
    assert len(ROWS) > 90


def test_the_page_is_found_from_the_others() -> None:
    root = PAGE.parents[1]
    for page in ("README.md", "docs/curate.md"):
        assert re.search(r"\]\((docs/)?bad-input\.md\)", (root / page).read_text(encoding="utf-8")), page
