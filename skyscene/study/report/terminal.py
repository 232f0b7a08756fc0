"""A result in a few lines, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from skyscene.study.report.entries import Entry, entries
from skyscene.study.report.labels import Labels, asked, plain
from skyscene.study.report.numbers import NONE
from skyscene.study.report.standing import counts, quality_line
from skyscene.study.scoring import StudyScore

_HEADS = ("POS", "95% interval", "if independent", "votes", "alpha", "p (Holm)")
_MARK = " *"
_ASCII = str.maketrans({NONE: "-", "\N{MINUS SIGN}": "-"})


def summary(score: StudyScore) -> list[str]:
    """The lines that `bench study score` prints; the report says the rest.

    Args:
        score: Of a study.
    """
    labels = Labels(score.study, named=True)
    rows = entries(score.rows, labels)
    return [
        f"{' / '.join(asked(score.study))}   {counts(score)}",
        *_table(rows),
        *(f"* {each}" for each in dict.fromkeys(_instead(row) for row in rows if row.method)),
        *_all_votes(score, labels),
        quality_line(score.quality),
        *(f"BREACH of the protocol: {plain(each)}" for each in score.breaches),
        *(f"note: {plain(each)}" for each in score.notes),
    ]


def _table(rows: Sequence[Entry]) -> Iterator[str]:
    pad = " " * len(_MARK) if any(row.method for row in rows) else ""
    table = [
        ("model A over B", *_HEADS),
        *(
            (
                row.pair,
                row.pos,
                row.interval + (_MARK if row.method else pad),
                row.independent,
                str(row.row.votes),
                row.alpha,
                row.p,
            )
            for row in rows
        ),
    ]
    widths = [max(len(line[at]) for line in table) for at in range(len(table[0]))]
    for first, *others in table:
        cells = (cell.translate(_ASCII).rjust(width) for cell, width in zip(others, widths[1:], strict=True))
        yield "   ".join([first.ljust(widths[0]), *cells]).rstrip()


def _instead(row: Entry) -> str:
    return f"{row.method}, as if votes were independent; no two-way interval: {row.why}"


def _all_votes(score: StudyScore, labels: Labels) -> Iterator[str]:
    invalid = sum(row.invalid for row in score.all_rows if row.scene is None)
    if invalid:
        yield f"{invalid:,} trials were reported as broken and count for nobody"
    if not score.votes:
        yield "no votes that count yet"
        return
    if not any(row.votes for row in score.rows):
        yield "the rules leave out everybody: see exclusions.csv"
    if not score.excluded:
        yield "nobody was excluded: these are all votes"
        return
    for row in entries(score.all_rows, labels):
        told = f"{row.pos} ({row.interval}), {row.row.votes:,} votes".translate(_ASCII)
        yield f"all votes, nobody excluded: {row.pair} {told}"
