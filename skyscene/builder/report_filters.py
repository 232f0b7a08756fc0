"""Every filter: its scores over all windows, its threshold, and the windows nearest to it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from skyscene.builder.report_clips import Limits
from skyscene.builder.report_pictures import Pictures
from skyscene.builder.report_reasons import Reason
from skyscene.builder.report_tables import Row, Tables, frames_text, score, source_name
from skyscene.report import Histogram, Strip, histogram


@dataclass(frozen=True, slots=True)
class Near:
    """A window near a threshold.

    Attributes:
        source: Name of its source.
        frames: Its frames, for a person.
        score: What the filter measured.
        strip: Its pictures.
        href: Its card, within the page; none where it is not shown.
    """

    source: str
    frames: str
    score: float
    strip: Strip | None
    href: str | None


@dataclass(frozen=True, slots=True)
class FilterView:
    """What is shown of one filter.

    Attributes:
        reason: Its name, meaning, settings and counts.
        threshold: What it compares with; none where that is not known.
        keeps: "at least" or "at most" the threshold is let through; "" where that is not known.
        histogram: The scores; none where there are none.
        passed: Number of windows it let through.
        near_passed: Those nearest to the threshold, the nearest first.
        near_rejected: The same of those it rejected.
    """

    reason: Reason
    threshold: float | None
    keeps: str
    histogram: Histogram | None
    passed: int
    near_passed: Sequence[Near]
    near_rejected: Sequence[Near]


def filter_views(
    tables: Tables,
    reasons: Sequence[Reason],
    limits_of: Mapping[str, float | None],
    pictures: Pictures,
    anchors: Mapping[str, str],
    limits: Limits,
) -> list[FilterView]:
    """The filters of the recipe, in its order.

    Args:
        tables: The tables.
        reasons: The reasons, which have the filters among them.
        limits_of: Filter to its threshold.
        pictures: For the strips.
        anchors: clip_id to the card that a window leads to.
        limits: How many windows are shown.
    """
    views = []
    for reason in reasons:
        if reason.name not in tables.filters:
            continue
        name, threshold = reason.name, limits_of.get(reason.name)
        rejected = [clip for clip in tables.clips if name in clip["reasons"]]
        passed = [clip for clip in tables.clips if name not in clip["reasons"]]
        good, bad = ([score(clip, name) for clip in clips] for clips in (passed, rejected))
        measured = any(math.isfinite(value) for value in (*good, *bad))

        def near(
            clips: list[Row], outside: Sequence[float], name: str = name, threshold: float | None = threshold
        ) -> list[Near]:
            closest = _closest(clips, name, threshold, outside, limits.near)
            return [_near(clip, name, tables, pictures, anchors) for clip in closest]

        views.append(
            FilterView(
                reason=reason,
                threshold=threshold,
                keeps=_keeps(good, bad, threshold),
                histogram=histogram(name, good, bad, threshold) if measured else None,
                passed=len(passed),
                near_passed=near(passed, bad),
                near_rejected=near(rejected, good),
            )
        )
    return views


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

    Each is from another source as long as there is one.
    """
    finite = sorted(value for value in others if math.isfinite(value))
    measured = [clip for clip in clips if math.isfinite(score(clip, name))]
    if threshold is None and not finite:
        return []
    if threshold is None:
        middle = [score(clip, name) for clip in measured]
        below = sum(middle) / max(1, len(middle)) < sum(finite) / len(finite)
        threshold = finite[0] if below else finite[-1]
    edge = threshold
    nearest = sorted(measured, key=lambda clip: abs(score(clip, name) - edge))
    first_of: dict[str, Row] = {}
    for clip in nearest:
        first_of.setdefault(clip["source_id"], clip)
    others_of = [clip for clip in nearest if first_of[clip["source_id"]] is not clip]
    chosen = [*first_of.values(), *others_of][:most]
    return sorted(chosen, key=lambda clip: abs(score(clip, name) - edge))


def _near(clip: Row, name: str, tables: Tables, pictures: Pictures, anchors: Mapping[str, str]) -> Near:
    owner = tables.owners.get(clip["source_id"])
    anchor = anchors.get(clip["clip_id"])
    return Near(
        source=source_name(owner) if owner else clip["source_id"],
        frames=frames_text(clip["frame_start"], clip["frame_stop"]),
        score=score(clip, name),
        strip=pictures.of_clip(clip),
        href=f"#{anchor}" if anchor else None,
    )
