"""Plots of a comparison: every metric frame by frame with its bands, and the losses of trainings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from markupsafe import Markup

from skyscene.bench.comparison.entrants import Comparison
from skyscene.bench.intervals import band
from skyscene.bench.log import LOG, NOTE, read_log
from skyscene.bench.plan import Plan
from skyscene.report import Line, lines


def by_frame(comparison: Comparison) -> Iterator[tuple[str, Markup]]:
    """A plot a metric: its numbers over the frames, with 95 % bands where there are groups enough."""
    groups = comparison.scored.groups
    first = comparison.results.frames[0]
    for each in comparison.frame_metrics:
        series = {}
        for one in comparison.entrants:
            found = band(one.by_frame(each), groups)
            known = np.isfinite(found.mean)
            known[:first] = False  # the input's own place: a copy of it is as good as can be
            places = np.flatnonzero(known)
            ends = (
                (found.low[known].tolist(), found.high[known].tolist())
                if found.low is not None and found.high is not None
                else None
            )
            series[one.row.label] = Line(places.tolist(), found.mean[known].tolist(), ends)
        unit = f"{each.name} in {each.unit}" if each.unit else each.name
        yield each.name, Markup(lines(f"by-frame-{each.name.replace('/', '-')}", series, "frame", unit))


def losses(comparison: Comparison, plans: Mapping[Path, Plan]) -> Iterator[Mapping[str, Any]]:
    """The losses of each stage over the clips seen, of contests that are runs.

    Args:
        comparison: The comparison.
        plans: A contest's folder to the plan of its run.
    """
    for number, contest in enumerate(comparison.contests):
        plan = plans.get(contest.folder)
        if plan is None:
            continue
        records = read_log(contest.folder / LOG)
        for stage, settings in plan.model.stages.items():
            mine = [record for record in records if record["stage"] == stage and NOTE not in record]
            names = sorted({name for record in mine for name in record} - {"stage", "seen", "seconds_a_step"})
            for owner in sorted({name.partition("/")[0] for name in names}):
                series = {
                    name.partition("/")[2] or name: Line(
                        [record["seen"] for record in mine if name in record],
                        [record[name] for record in mine if name in record],
                    )
                    for name in names
                    if name.partition("/")[0] == owner
                }
                svg = lines(f"curve-{number}-{stage}-{owner}", series, "real clips seen", "")
                of = f" ({contest.folder.name})" if len(comparison.contests) > 1 else ""
                yield {"label": f"{settings.label}{of}: {owner}", "svg": Markup(svg)}
