"""A table as LaTeX, for a paper."""

from __future__ import annotations

from skyscene.bench.caveats import of_ranking
from skyscene.bench.latex import Column, Entry, Row, latex_table
from skyscene.bench.results import Cell, Results

_ARROWS = {"higher": "up", "lower": "down", "one": "to-one"}


def latex(results: Results) -> str:
    """The table of scores, with what a caption has to say of them."""
    columns = [
        Column(column.name + (f" ({column.unit})" if column.unit else ""), _ARROWS[column.goal])  # type: ignore[arg-type]
        for column in results.columns
    ]
    rows = [
        Row(
            row.label + (" (lossy)" if row.lossy else "") + ("" if row.kind == "model" else f" [{row.kind}]"),
            tuple(
                _entry(cell, column.absent) for cell, column in zip(row.cells, results.columns, strict=True)
            ),
        )
        for row in results.rows
    ]
    caption = (
        f"{results.benchmark}: {results.clips} clips of {results.groups} groups at {results.size} px, "
        f"frames {results.frames[0]} to {results.frames[1] - 1}, data {results.manifest_hash}; "
        "95 % intervals by bootstrap over groups. "
        f"Specs: {', '.join(results.specs)}."
    )
    caption = " ".join([caption, *of_ranking(results.notes)])
    return latex_table(columns, rows, caption, f"tab:{results.benchmark.partition('/')[0]}")


def _entry(cell: Cell, absent: str) -> Entry:
    if cell.scored is None:
        return Entry(absent=absent or "no frame has anything to say")
    return Entry(cell.scored.mean, cell.scored.low, cell.scored.high)
