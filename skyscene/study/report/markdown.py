"""A result as Markdown, for a repository or a rebuttal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from skyscene.study.report.entries import Entry, cautions, entries, instead, tested
from skyscene.study.report.labels import Labels, asked, plain
from skyscene.study.report.matrix import win_matrix
from skyscene.study.report.numbers import NONE
from skyscene.study.report.people import people
from skyscene.study.report.protocol import HOW_TO_READ, contestants, identity, in_short, protocol_facts
from skyscene.study.report.ranking import ranking
from skyscene.study.report.standing import counts, quality_line
from skyscene.study.report.verdicts import absent, families
from skyscene.study.scoring import StudyScore

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#&~$])")


def markdown(score: StudyScore) -> str:
    """The question, the table, all votes beside it, and everything else that the page shows."""
    labels = Labels(score.study)
    parts = [
        f"# {escaped(' / '.join(asked(score.study)))}",
        counts(score),
        escaped(in_short(score)),
        *([_breaches(score)] if score.breaches else []),
        *_result(score, labels),
        quality_line(score.quality),
        *([_list(score.notes)] if score.notes else []),
        *_matrices(score, labels),
        *_scales(score, labels),
        *_scenes(score, labels),
        *_metrics(score, labels),
        *_raters(score),
        "## Protocol",
        _table(["what", "how"], list(protocol_facts(score))),
        "## How to read it",
        "\n".join(f"- **{term}**: {text}" for term, text in HOW_TO_READ),
        "## Facts",
        _table(["what", "value"], identity(score)),
        _table(["contestant", "name", "kind", "clips from"], contestants(score)),
    ]
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    r"""A text on one line that no Markdown reader takes for anything but text.

    >>> print(escaped("a|b <i>*x*</i>\n# y"))
    a\|b \<i\>\*x\*\</i\> \# y
    """
    return _SPECIAL.sub(r"\\\1", plain(text))


def _breaches(score: StudyScore) -> str:
    return (
        f"**The votes break the protocol; the numbers below cannot be trusted.**\n\n{_list(score.breaches)}"
    )


def _result(score: StudyScore, labels: Labels) -> Iterator[str]:
    rows = entries(score.rows, labels)
    yield _scores(rows, tested(score.rows))
    told = [*instead(rows), *cautions(rows)]
    if told:
        yield _list(told)
    if not score.votes:
        return
    if not score.excluded:
        yield "Nobody was excluded: these are all votes."
        return
    yield "All votes, nobody excluded:"
    every = entries(score.all_rows, labels)
    heads = ["pair", "POS of all votes", "95% interval", "if independent", "votes"]
    yield _table(
        heads,
        [(each.pair, each.pos, _headline(each), each.independent, str(each.row.votes)) for each in every],
    )
    yield _list(
        [f"excluded: rater {each.rater}: {'; '.join(each.reasons)}" for each in people(score.excluded)]
    )


def _scores(rows: Sequence[Entry], comparisons: int, scenes: bool = False) -> str:
    ties, invalid = any(each.row.ties for each in rows), any(each.row.invalid for each in rows)
    heads = ["pair", *(["scene"] if scenes else []), "POS", "95% interval", "if independent"]
    heads += [f"p (Holm, {comparisons})", "votes", "raters", "clips"]
    heads += [*(["ties"] if ties else []), *(["invalid"] if invalid else []), "alpha", "left %"]
    lines = []
    for each in rows:
        row = each.row
        line = [each.pair, *([row.scene or ""] if scenes else []), each.pos, _headline(each)]
        line += [each.independent, each.p, str(row.votes), str(row.raters), str(row.clips)]
        line += [*([str(row.ties)] if ties else []), *([str(row.invalid)] if invalid else [])]
        lines.append([*line, each.alpha_why or each.alpha, each.left])
    return _table(heads, lines)


def _headline(each: Entry) -> str:
    return f"{each.interval} ({each.method})" if each.method else each.interval


def _matrices(score: StudyScore, labels: Labels) -> Iterator[str]:
    for show in score.study.protocol.shows:
        found = win_matrix(score.rows, labels, show)
        if len(found.heads) > 2:
            yield f"## Row preferred over column{_of(score, show)}"
            yield _table(
                ["", *found.heads],
                [
                    [label, *(f"{cell.pos} ({cell.votes})" if cell.votes else cell.pos for cell in cells)]
                    for label, cells in found.rows
                ],
            )


def _scales(score: StudyScore, labels: Labels) -> Iterator[str]:
    for scale in score.scales:
        yield f"## One scale (Bradley-Terry){_of(score, scale.show)}"
        yield f"Log odds of a vote over {escaped(labels.of(scale.ladder.anchor))}, which is 0."
        rows = [
            (rank.label, rank.strength, rank.interval, rank.expected, rank.why)
            for rank in ranking(scale, labels)
        ]
        yield _table(["contestant", "log odds", "95% interval", "POS it stands for", ""], rows)


def _scenes(score: StudyScore, labels: Labels) -> Iterator[str]:
    rows = entries(score.rows, labels, scenes=True)
    if rows:
        yield "## By scene"
        yield _scores(rows, tested(score.rows, scenes=True), scenes=True)
        told = [*instead(rows), *cautions(rows)]
        if told:
            yield _list(told)


def _metrics(score: StudyScore, labels: Labels) -> Iterator[str]:
    yield "## Do metrics predict what people prefer?"
    found = families(score, labels)
    if not found:
        yield absent(score)
    for family in found:
        yield f"### {escaped(family.over)}"
        yield " ".join(escaped(each) for each in family.sentences)
        yield _table(
            ["metric", "odds ratio", "95% interval", "agreement %", "p", "n", "verdict", "beware"],
            [
                (one.metric, one.odds, one.interval, one.agreement, one.p, str(one.n), one.verdict, one.why)
                for one in family.rows
            ],
        )


def _raters(score: StudyScore) -> Iterator[str]:
    yield "## Raters"
    if not score.raters:
        yield "None yet."
        return
    yield _table(
        ["rater", "votes", "left %", "gold right", "repeats as before", "median s", "excluded for"],
        [
            (
                each.rater,
                str(each.votes),
                each.left,
                each.gold,
                each.repeats,
                each.seconds,
                "; ".join(each.reasons) or NONE,
            )
            for each in people(score.raters)
        ],
    )


def _of(score: StudyScore, show: str) -> str:
    return f", {show}" if len(score.study.protocol.shows) > 1 else ""


def _list(lines: Sequence[str]) -> str:
    return "\n".join(f"- {escaped(line)}" for line in lines)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [[escaped(cell) for cell in line] for line in (heads, *rows)]
    lines.insert(1, ["---"] * len(heads))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
