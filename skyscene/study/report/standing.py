"""Where a study stands: how many votes came, and how well raters worked."""

from __future__ import annotations

from skyscene.report import plural
from skyscene.study.report.numbers import equals_p
from skyscene.study.scoring import Quality, StudyScore


def counts(score: StudyScore) -> str:
    """Clips, raters, votes and how many raters are left out, on one line."""
    came = f"{plural(score.votes, 'vote')} of {score.planned:,} planned"
    out = f"{plural(len(score.excluded), 'rater')} excluded (rules in study.toml)"
    return f"{plural(len(score.study.clips), 'clip')}, {plural(len(score.raters), 'rater')}, {came}, {out}"


def quality_line(found: Quality) -> str:
    """Left, gold, repeats and time, on one line.

    >>> quality_line(Quality(51.2, 0.6, 96.0, None, 5.1, 0))
    'left chosen 51.2% (p = 0.60); gold passed 96%; no mirrored repeats; median answer 5.1 s'
    """
    return "; ".join(
        [
            "no side chosen"
            if found.left is None
            else f"left chosen {found.left:.1f}% ({equals_p(found.left_p)})",
            "no gold trials" if found.gold is None else f"gold passed {found.gold:.0f}%",
            "no mirrored repeats"
            if found.repeats is None
            else f"mirrored repeats agree {found.repeats:.0f}%",
            "no times known"
            if found.median_seconds is None
            else f"median answer {found.median_seconds:.1f} s",
            *([f"{plural(found.unwatched, 'vote')} before both clips had played"] if found.unwatched else []),
        ]
    )
