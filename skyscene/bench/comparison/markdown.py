"""A table as Markdown, for a repository or a rebuttal."""

from __future__ import annotations

from collections.abc import Sequence

from skyscene.bench.comparison.seeded import SeededTable
from skyscene.bench.intervals import Estimate
from skyscene.bench.results import ResultRow, Results
from skyscene.bench.table import COPY, LATE


def markdown(results: Results, over_seeds: SeededTable | None = None) -> str:
    """The table, the one over seeds, what is gained on a copied first frame, what each row takes, notes."""
    heads = [f"{column.name} {column.arrow}" for column in results.columns]
    table = [
        [
            _named(row),
            *(number(cell.scored) for cell in row.cells),
        ]
        for row in results.rows
    ]
    parts = [
        f"# {results.model} on {results.benchmark}",
        f"{results.clips} test clips of {results.groups} groups, scored at {results.size} px over frames "
        f"{results.frames[0]} to {results.frames[1] - 1}; data `{results.manifest_hash}`.",
        _table(["row", *heads], table),
    ]
    if over_seeds:
        parts += _over_seeds(over_seeds, heads)
    parts += [
        "Over all frames, 0 among them:",
        _table(
            ["row", *(column.name for column in results.columns if not column.of_sets)],
            [
                [
                    _named(row),
                    *(
                        number(cell.whole)
                        for cell, column in zip(row.cells, results.columns, strict=True)
                        if not column.of_sets
                    ),
                ]
                for row in results.rows
            ],
        ),
    ]
    gains = [
        (at, column)
        for at, column in enumerate(results.columns)
        if any(r.cells[at].beyond_copy for r in results.rows)
    ]
    if gains:
        parts += [
            f"Gained on a copied first frame over frames {LATE} on, paired; above 0 is better:",
            _table(
                ["row", *(column.name for _, column in gains)],
                [
                    [_named(row), *(number(row.cells[at].beyond_copy) for at, _ in gains)]
                    for row in results.rows
                    if row.name != COPY
                ],
            ),
        ]
    moved = [row for row in results.rows if any(cell.by_codec for cell in row.cells)]
    if moved:
        parts += [
            "Moved by the codec, paired with the same clips before it:",
            _table(
                ["row", *(column.name for column in results.columns)],
                [[_named(row), *(number(cell.by_codec) for cell in row.cells)] for row in moved],
            ),
        ]
    parts += [
        _table(
            ["row", "parameters", "GFLOP a clip", "clips seen", "minutes", "clips drawn a second"],
            [
                [
                    _named(row),
                    *(
                        [
                            f"{row.cost.parameters:,}",
                            f"{row.cost.gigaflops:,.1f}",
                            f"{row.cost.clips_seen:,}",
                            "-" if row.cost.minutes is None else f"{row.cost.minutes:,.1f}",
                        ]
                        if row.cost
                        else ["-"] * 4
                    ),
                    "-" if row.clips_a_second is None else f"{row.clips_a_second:,.1f}",
                ]
                for row in results.rows
            ],
        ),
        f"Scored on {results.device}. Specs: {', '.join(f'`{spec}`' for spec in results.specs)}.",
        "\n".join(f"- {note}" for note in [*results.notes, *_absent(results)]),
    ]
    return "\n\n".join(parts) + "\n"


def _over_seeds(found: SeededTable, heads: Sequence[str]) -> list[str]:
    rows = [
        [
            f"{row.label}{_kind(row.kind)}",
            str(row.seeds or "-"),
            *(f"{cell.text} [{cell.ends}]".removesuffix(" []") if cell else "-" for cell in row.cells),
        ]
        for row in found.rows
    ]
    runs = "; ".join(found.trainings)
    return [
        f"{found.title}: {found.about}",
        _table(["row", "seeds", *heads], rows),
        f"The trainings: {runs}.",
    ]


def number(found: Estimate | None) -> str:
    """A number with its interval.

    >>> number(Estimate(0.123456, 0.1, 0.15, 30, 12))
    '0.1235 [0.1, 0.15]'
    >>> number(None)
    '-'
    """
    if found is None:
        return "-"
    ends = f" [{found.low:.4g}, {found.high:.4g}]" if found.low is not None else ""
    return f"{found.mean:.4g}{ends}"


def _absent(results: Results) -> list[str]:
    return [f"{column.name} is not measured: {column.absent}" for column in results.columns if column.absent]


def _named(row: ResultRow) -> str:
    return f"{row.label}{_kind(row.kind)}{' (lossy)' if row.lossy else ''}"


def _kind(kind: str) -> str:
    return "" if kind == "model" else f" ({kind})"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)
