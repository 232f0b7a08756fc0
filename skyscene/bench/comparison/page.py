"""The report of a comparison: ``report.html``, which needs nothing else, ``report.md`` and ``table.tex``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from skyscene.bench.baselines import BASELINES
from skyscene.bench.comparison.agreement import Agreement, disagreements, over_clips, over_rows
from skyscene.bench.comparison.by_label import by_label
from skyscene.bench.comparison.curves import by_frame, losses
from skyscene.bench.comparison.entrants import Comparison
from skyscene.bench.comparison.gallery import gallery
from skyscene.bench.comparison.markdown import markdown
from skyscene.bench.comparison.tabular import latex
from skyscene.bench.plan import RECIPE, Plan, read_plan
from skyscene.bench.published import load_published, published_html
from skyscene.bench.table import LATE
from skyscene.report import render
from skyscene.store import read_json, write_bytes


def write_report(comparison: Comparison, to: Path) -> Path:
    """Writes ``report.html``, ``report.md`` and ``table.tex`` into a folder; the page's path."""
    plans = {
        contest.folder: read_plan(contest.folder)
        for contest in comparison.contests
        if (contest.folder / RECIPE).is_file()
    }
    agreements = [found for found in (over_clips(comparison), over_rows(comparison)) if found]
    labels = list(dict.fromkeys(plan.model.facts.label for plan in plans.values()))
    page = render(
        "bench",
        title=" beside ".join(labels) or comparison.results.model,
        results=comparison.results,
        late=LATE,
        one=len(comparison.contests) == 1,
        clips=gallery(comparison),
        by_frame=list(by_frame(comparison)),
        by_label=list(by_label(comparison)),
        frame_metrics=comparison.frame_metrics,
        agreements=[_shown(found) for found in agreements],
        disagreements=[(found.over, disagreements(found)) for found in agreements],
        published=published_html(load_published()),
        latex=latex(comparison.results),
        curves=list(losses(comparison, plans)),
        moved=[row for row in comparison.results.rows if any(cell.by_codec for cell in row.cells)],
        facts=[fact for contest in comparison.contests for fact in _facts(contest.folder, plans)],
        open={
            plan.model.facts.label: plan.model.facts.open for plan in plans.values() if plan.model.facts.open
        },
    )
    path = to / "report.html"
    write_bytes(path, page.encode())
    write_bytes(to / "report.md", markdown(comparison.results).encode())
    write_bytes(to / "table.tex", latex(comparison.results).encode())
    return path


def _shown(found: Agreement) -> Mapping[str, object]:
    """Half of the table is enough: it is the same on both sides."""
    rows = [
        (name, [None if not np.isfinite(value) else float(value) for value in found.table[at, :at]])
        for at, name in enumerate(found.names)
    ]
    return {"names": found.names[:-1], "over": found.over, "count": found.count, "rows": rows[1:]}


def _facts(folder: Path, plans: Mapping[Path, Plan]) -> Iterator[tuple[str, str]]:
    plan = plans.get(folder)
    about = read_json(folder / "run.json")
    if plan is None:
        for name, value in about.items():
            if isinstance(value, str | int):
                yield name.replace("_", " "), str(value)
        return
    yield "paper", plan.model.facts.paper
    for name, count in about["parameters"].items():
        yield f"parameters of {name}", f"{count:,}"
    for stage, told in about["stages"].items():
        settings = plan.model.stages[stage]
        yield (
            f"{settings.label}: batch, rate, betas",
            f"{settings.batch}, {settings.rate:g}, {settings.betas}",
        )
        yield f"{settings.label}: time", f"{told['seconds']:,.0f} s, {told['seconds_a_step']:.3f} s a step"
        yield f"{settings.label}: a clip drawn", f"{told['gigaflops_a_clip']:,} GFLOP"
    yield "precision", plan.settings.precision
    yield "device", about["device"]
    yield "data", f"{about['data']}, manifest {about['manifest_hash']}"
    yield "clips", ", ".join(f"{side} {count}" for side, count in about["clips"].items())
    yield "baselines", ", ".join(baseline.label for baseline in BASELINES.values())
    yield "versions", ", ".join(f"{name} {version}" for name, version in about["versions"].items())
