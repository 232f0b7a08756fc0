"""The scale of Bradley and Terry as rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import expit

from skyscene.study.report.charts import by_strength
from skyscene.study.report.labels import Labels
from skyscene.study.report.numbers import NONE, points, signed
from skyscene.study.scoring import Scale


@dataclass(frozen=True, slots=True)
class Rank:
    """A contestant's place.

    Attributes:
        label: What it is called.
        strength: Log odds over the anchor.
        interval: Of them.
        expected: POS over the anchor that the strength stands for.
        why: What is missing and why, else empty.
    """

    label: str
    strength: str
    interval: str
    expected: str
    why: str


def ranking(scale: Scale, labels: Labels) -> Sequence[Rank]:
    """Contestants from the strongest down, those that cannot be estimated last."""
    spans = {span.model: span for span in scale.spans}
    found = []
    for rung in by_strength(scale):
        label, span = labels.of(rung.model), spans.get(rung.model)
        if rung.strength is None:
            found.append(Rank(label, NONE, NONE, NONE, rung.why))
        elif rung.model == scale.ladder.anchor:
            found.append(Rank(label, "0", NONE, NONE, "the anchor, 0 by definition"))
        else:
            known = span is not None and span.low is not None and span.high is not None
            interval = f"{signed(span.low)}..{signed(span.high)}" if span and known else NONE
            expected = points(100 * float(expit(rung.strength)))
            why = "" if known or span is None else f"no interval: {span.why}"
            found.append(Rank(label, signed(rung.strength), interval, expected, why))
    return found
