"""The table again for the clips of each label, where clips have labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from skyscene.bench.comparison.entrants import Comparison
from skyscene.bench.intervals import Estimate, Sums, estimate
from skyscene.bench.table import sums_of


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """A row of the table over the clips of one label.

    Attributes:
        labeler: What gave the label.
        value: The label.
        clips: How many clips have it.
        row: The row's label.
        cells: The frame metrics, in their order.
    """

    labeler: str
    value: str
    clips: int
    row: str
    cells: tuple[Estimate | None, ...]


def by_label(comparison: Comparison) -> Iterator[LabelledRow]:
    """Rows over the clips of each label; none of a labeller that gives all clips one label."""
    groups = np.array(comparison.scored.groups)
    frames = comparison.results.frames
    for labeler, values in comparison.scored.labels.items():
        found = sorted({value for value in values if value})
        if len(found) < 2:
            continue
        for value in found:
            those = np.array([one == value for one in values])
            for one in comparison.entrants:
                cells = []
                for each in comparison.frame_metrics:
                    sums = sums_of(one.scored, one.own, each, frames)
                    part = Sums(sums.values[those], sums.weights[those], sums.finish)
                    cells.append(estimate(part, groups[those].tolist()))
                yield LabelledRow(labeler, value, int(those.sum()), one.row.label, tuple(cells))
