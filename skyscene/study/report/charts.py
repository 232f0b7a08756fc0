"""The plots of a report: scores with their intervals, and the scale of Bradley and Terry."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from skyscene.report.intervals import Group, Mark, intervals
from skyscene.study.report.labels import Labels
from skyscene.study.report.numbers import points, signed
from skyscene.study.scoring import Scale, StudyScore
from skyscene.study.statistics.clustered import NAME
from skyscene.study.statistics.ladder import Rung
from skyscene.study.statistics.proportion import Interval
from skyscene.study.tally import Row

_LONGEST = 27


def score_plot(score: StudyScore, labels: Labels, show: str) -> Markup | None:
    """POS of every pair with both intervals, and below it that of all votes where raters are left out.

    Args:
        score: Of a study.
        labels: What contestants are called.
        show: video or frame.
    """
    groups = []
    for row, whole in zip(score.rows, score.all_rows, strict=True):
        if row.show == show and row.scene is None:
            marks = [_mark(row), *([_mark(whole, quiet=True)] if score.excluded else [])]
            first, second = (labels.short(name, _LONGEST) for name in (row.first, row.second))
            groups.append(Group(f"{first} over {second}", marks))
    if all(mark.value is None for group in groups for mark in group.marks):
        return None
    return Markup(intervals(f"scores-{show}", groups, "POS, votes of 100 for the first", 50, (0, 100)))


def scale_plot(scale: Scale, labels: Labels) -> Markup | None:
    """Strengths with their intervals, the strongest at the top; none where the anchor would stand alone."""
    spans = {span.model: span for span in scale.spans}
    groups = []
    for rung in by_strength(scale):
        if rung.strength is None:
            continue
        span = spans.get(rung.model)
        thick = (span.low, span.high) if span and span.low is not None and span.high is not None else None
        is_anchor = rung.model == scale.ladder.anchor
        said = "0" if is_anchor else signed(rung.strength)
        groups.append(
            Group(
                labels.short(rung.model, 50),
                [Mark(rung.strength, None if is_anchor else thick, said=said)],
            )
        )
    if len(groups) < 2:
        return None
    anchor = labels.short(scale.ladder.anchor, _LONGEST)
    return Markup(intervals(f"scale-{scale.show}", groups, f"log odds of a vote over {anchor}", 0))


def by_strength(scale: Scale) -> Sequence[Rung]:
    """Contestants from the strongest down, those without a strength last."""
    return sorted(scale.ladder.rungs, key=lambda rung: (rung.strength is None, -(rung.strength or 0.0)))


def _mark(row: Row, quiet: bool = False) -> Mark:
    return Mark(
        value=row.pos,
        thick=_ends(row.interval),
        thin=_ends(row.independent),
        said="no votes" if row.pos is None else points(row.pos),
        hollow=row.interval is not None and row.interval.name != NAME,
        quiet=quiet,
    )


def _ends(found: Interval | None) -> tuple[float, float] | None:
    return (found.low, found.high) if found else None
