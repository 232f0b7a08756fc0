"""The report of a comparison: ``report.html``, which needs nothing else, ``report.md`` and ``table.tex``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from skyscene.bench.baselines import BASELINES
from skyscene.bench.comparison.agreement import Agreement, disagreements, over_clips, over_rows
from skyscene.bench.comparison.by_label import by_label
from skyscene.bench.comparison.curves import by_frame, losses
from skyscene.bench.comparison.entrants import Comparison, compare
from skyscene.bench.comparison.gallery import gallery
from skyscene.bench.comparison.markdown import markdown
from skyscene.bench.comparison.seeded import run_name, seeded_table
from skyscene.bench.comparison.tabular import latex
from skyscene.bench.plan import Plan
from skyscene.bench.published import load_published, published_html
from skyscene.bench.running import open_run
from skyscene.bench.table import LATE
from skyscene.bench.watch import Watch, nobody
from skyscene.report import render
from skyscene.store import read_json, write_bytes


def write_report(comparison: Comparison, to: Path) -> Path:
    """Writes ``report.html``, ``report.md`` and ``table.tex`` into a folder; the page's path."""
    plans = comparison.plans
    over_seeds = seeded_table(comparison.seeded, comparison.results)
    agreements = [found for found in (over_clips(comparison), over_rows(comparison)) if found]
    labels = list(dict.fromkeys(plan.model.facts.label for plan in plans.values()))
    page = render(
        "bench",
        title=" beside ".join(labels) or comparison.results.model,
        results=comparison.results,
        late=LATE,
        seeds=_seeds(comparison),
        over_seeds=over_seeds,
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
        facts=list(_facts(comparison)),
        open={
            plan.model.facts.label: plan.model.facts.open for plan in plans.values() if plan.model.facts.open
        },
    )
    path = to / "report.html"
    write_bytes(path, page.encode())
    write_bytes(to / "report.md", markdown(comparison.results, over_seeds).encode())
    write_bytes(to / "table.tex", latex(comparison.results).encode())
    return path


def report_over_seeds(
    runs: Sequence[Path], to: Path, device: str = "auto", watch: Watch = nobody
) -> Comparison | None:
    """Writes the report of scored runs of one plan with several seeds; none where another process leads.

    Args:
        runs: Their folders.
        to: Where the report goes.
        device: auto, cpu, cuda, ...
        watch: Told what happens.

    Raises:
        BenchError: As `open_run`, and as `compare`.
    """
    opened = [open_run(run, device, watch) for run in runs]  # by every process: they wait for one another
    if not all(run.leads for run in opened):
        return None
    comparison = compare([run.contest() for run in opened])
    write_report(comparison, to)
    return comparison


def _seeds(comparison: Comparison) -> str:
    """The seed, or the seeds, where the page is of one model; else nothing."""
    if len(comparison.contests) == 1:
        return f"seed {comparison.results.seed}"
    folders = {contest.folder for contest in comparison.contests}
    (model,) = comparison.seeded if len(comparison.seeded) == 1 else (None,)
    if model is None or set(model.folders) != folders:
        return ""
    return f"seeds {', '.join(map(str, model.seeds))}"


def _shown(found: Agreement) -> Mapping[str, object]:
    """Half of the table is enough: it is the same on both sides."""
    rows = [
        (name, [None if not np.isfinite(value) else float(value) for value in found.table[at, :at]])
        for at, name in enumerate(found.names)
    ]
    return {"names": found.names[:-1], "over": found.over, "count": found.count, "rows": rows[1:]}


def _facts(comparison: Comparison) -> Iterator[tuple[str, str]]:
    """What all contests have in common once; where they differ, whose it is."""
    found = {
        contest.folder: dict(_facts_of(contest.folder, comparison.plans)) for contest in comparison.contests
    }
    for name in dict.fromkeys(name for facts in found.values() for name in facts):
        values = {folder: facts[name] for folder, facts in found.items() if name in facts}
        if len(values) == len(found) and len(set(values.values())) == 1:
            yield name, next(iter(values.values()))
        else:
            yield from ((f"{name} ({run_name(folder)})", value) for folder, value in values.items())


def _facts_of(folder: Path, plans: Mapping[Path, Plan]) -> Iterator[tuple[str, str]]:
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
    yield "processes, a batch each", str(about.get("processes", 1))
    yield "pictures drawn", f"{plan.settings.size}x{plan.settings.size}"
    yield (
        "settings of the networks and losses",
        ", ".join(f"{key} {value}" for key, value in plan.model.parameters.items()),
    )
    yield "precision", plan.settings.precision
    yield "device", about["device"]
    yield "data", f"{about['data']}, manifest {about['manifest_hash']}"
    yield "clips", ", ".join(f"{side} {count}" for side, count in about["clips"].items())
    yield "baselines", ", ".join(baseline.label for baseline in BASELINES.values())
    yield "versions", ", ".join(f"{name} {version}" for name, version in about["versions"].items())
