"""Every filter: its scores over all windows, its threshold, and the windows nearest to it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from skyscene.builder.report.reasons import Reason
from skyscene.builder.report.tables import Row, Tables, score
from skyscene.report import Histogram, histogram


@dataclass(frozen=True, slots=True)
class FilterView:
    """What is shown of one filter; numbers are in the unit of its scale.

    Attributes:
        reason: Its name, meaning, settings and counts.
        threshold: What it compares with; none where that is not known.
        keeps: "at least" or "at most" the threshold is let through; "" where that is not known.
        unit: What follows the numbers; "" for none.
        measures: What they count; "" where nobody says.
        histogram: The scores; none where there are none.
        passed: Number of windows it let through.
        near_passed: Those nearest to the threshold, the nearest first.
        near_rejected: The same of those it rejected.
    """

    reason: Reason
    threshold: float | None
    keeps: str
    unit: str
    measures: str
    histogram: Histogram | None
    passed: int
    near_passed: Sequence[Row]
    near_rejected: Sequence[Row]


def filter_views(tables: Tables, reasons: Sequence[Reason], most: int) -> list[FilterView]:
    """The filters of the recipe, in its order.

    Args:
        tables: The tables.
        reasons: The reasons, which have the filters among them.
        most: Windows on either side of a threshold.
    """
    return [_view(tables, reason, most) for reason in reasons if reason.name in tables.filters]


def _view(tables: Tables, reason: Reason, most: int) -> FilterView:
    name, scale = reason.name, reason.scale
    factor = scale.factor if scale else 1.0
    threshold = None if reason.threshold is None else factor * reason.threshold
    rejected = [clip for clip in tables.clips if name in clip["reasons"]]
    passed = [clip for clip in tables.clips if name not in clip["reasons"]]
    good, bad = ([factor * score(clip, name) for clip in clips] for clips in (passed, rejected))
    measured = any(math.isfinite(value) for value in (*good, *bad))
    unit = scale.unit if scale else ""
    measures = scale.name if scale else ""
    label = f"{measures}, {unit}".strip(", ") or "score"
    keeps = scale.passes if scale else _keeps(good, bad, threshold)
    return FilterView(
        reason=reason,
        threshold=threshold,
        keeps=keeps,
        unit=unit,
        measures=measures,
        histogram=histogram(name, good, bad, threshold, label, keeps) if measured else None,
        passed=len(passed),
        near_passed=_closest(passed, name, reason.threshold, [score(clip, name) for clip in rejected], most),
        near_rejected=_closest(
            rejected, name, reason.threshold, [score(clip, name) for clip in passed], most
        ),
    )


def _keeps(passed: Sequence[float], rejected: Sequence[float], threshold: float | None) -> str:
    """On which side of the threshold windows pass, by what most of them did."""
    if threshold is None:
        return ""
    above = sum(value > threshold for value in passed) + sum(value < threshold for value in rejected)
    below = sum(value < threshold for value in passed) + sum(value > threshold for value in rejected)
    return "at least" if above > below else "at most" if below > above else ""


def _closest(
    clips: Sequence[Row], name: str, threshold: float | None, others: Sequence[float], most: int
) -> list[Row]:
    """The windows nearest to the threshold; without one, to the scores on the other side.

    Those that are equally near come from as many sources as there are.
    """
    finite = sorted(value for value in others if math.isfinite(value))
    measured = [clip for clip in clips if math.isfinite(score(clip, name))]
    if threshold is None and not finite:
        return []
    if threshold is None:
        middle = [score(clip, name) for clip in measured]
        below = sum(middle) / max(1, len(middle)) < sum(finite) / len(finite)
        threshold = finite[0] if below else finite[-1]
    turns: Counter[tuple[float, str]] = Counter()
    ranked = []
    for clip in measured:
        way = abs(score(clip, name) - threshold)
        turns[way, clip["source_id"]] += 1
        ranked.append((way, turns[way, clip["source_id"]], clip))
    return [clip for _, _, clip in sorted(ranked, key=lambda item: item[:2])[:most]]
