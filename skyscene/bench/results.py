"""The table of a run: every row with its scores, its intervals and its distance from a copied first frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from skyscene.bench.baselines import BASELINES
from skyscene.bench.intervals import Estimate, estimate
from skyscene.bench.plan import Plan, read_plan
from skyscene.bench.scoring import per_clip
from skyscene.errors import BenchError
from skyscene.metrics import metric
from skyscene.store import read_json

LATE = 8
"""First of the frames on which a model has to beat a copied first frame: before it, nothing has moved yet."""
_YOUNG = 1000
"""Clips a stage under which the table says that it shows no trained model."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One metric of one row.

    Attributes:
        name: The metric.
        spec_id: What exactly it is.
        scored: Over the benchmark's frames.
        whole: Over all frames, 0 among them.
        beyond_copy: Paired difference to the copied first frame over frames 8 to the last, better being
            positive; none for the copy itself.
    """

    name: str
    spec_id: str
    scored: Estimate
    whole: Estimate
    beyond_copy: Estimate | None


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A model after a stage, or a baseline.

    Attributes:
        name: The stage's or the baseline's.
        label: For people.
        kind: A trained model, a baseline, or an oracle, which looks at the truth.
        cells: A metric each.
    """

    name: str
    label: str
    kind: Literal["model", "baseline", "oracle"]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """The table of a run.

    Attributes:
        model: Name of the model's recipe.
        benchmark: Name and version of the benchmark.
        size: Side of the scored pictures.
        frames: The scored frames, half-open.
        manifest_hash: Of the data.
        seed: Of the run.
        budget: Clips seen in each stage.
        device: Where it ran.
        rows: Baselines, then stages.
        notes: What a reader has to know.
    """

    model: str
    benchmark: str
    size: int
    frames: tuple[int, int]
    manifest_hash: str
    seed: int
    budget: int
    device: str
    rows: tuple[ResultRow, ...]
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"schema_version": 1, **asdict(self)}


def read_results(folder: Path) -> Results:
    """The table of a run that was scored.

    Raises:
        BenchError: It was not scored.
    """
    plan = read_plan(folder)
    about = read_json(folder / "run.json")
    names = [*BASELINES, *plan.model.stages]
    absent = [name for name in names if not (folder / "scores" / f"{name}.parquet").is_file()]
    if absent:
        raise BenchError(f"{folder}: no scores of {', '.join(absent)} yet: `bench score {folder}`")
    tables = {name: pq.read_table(folder / "scores" / f"{name}.parquet") for name in names}
    return Results(
        model=plan.model.name,
        benchmark=f"{plan.settings.benchmark}/{plan.benchmark.version}",
        size=plan.benchmark.size,
        frames=plan.benchmark.frames,
        manifest_hash=about["manifest_hash"],
        seed=plan.settings.seed,
        budget=plan.settings.clips,
        device=about["device"],
        rows=tuple(_row(plan, name, tables) for name in names),
        notes=tuple(_notes(plan)),
    )


def _row(plan: Plan, name: str, tables: dict[str, pa.Table]) -> ResultRow:
    cells = tuple(_cell(plan, key, tables[name], tables["copy-first"]) for key in plan.benchmark.metrics)
    if name in BASELINES:
        baseline = BASELINES[name]
        return ResultRow(name, baseline.label, "oracle" if baseline.oracle else "baseline", cells)
    return ResultRow(name, plan.model.stages[name].label, "model", cells)


def _cell(plan: Plan, name: str, table: pa.Table, copy: pa.Table) -> Cell:
    found = metric(name)
    groups = _groups(table, found.spec_id)
    last = int(table["frame"].to_numpy().max()) + 1
    beyond = None
    if table is not copy:
        late = (LATE, last)
        gain = per_clip(table, found.spec_id, late) - per_clip(copy, found.spec_id, late)
        beyond = estimate(gain if found.higher_is_better else -gain, groups)
    return Cell(
        name=name,
        spec_id=found.spec_id,
        scored=estimate(per_clip(table, found.spec_id, plan.benchmark.frames), groups),
        whole=estimate(per_clip(table, found.spec_id, (0, last)), groups),
        beyond_copy=beyond,
    )


def _groups(table: pa.Table, spec_id: str) -> Sequence[str]:
    """The group of each clip, in the table's order."""
    rows = table.filter(pa.compute.equal(table["spec_id"], spec_id))
    groups: list[str] = rows.filter(pa.compute.equal(rows["frame"], 0))["group_id"].to_pylist()
    return groups


def _notes(plan: Plan) -> list[str]:
    notes = []
    if plan.benchmark.data.kind == "drawn":
        notes.append("Drawn skies: these numbers show that everything runs. They rank no model.")
    if plan.settings.clips < _YOUNG:
        notes.append(
            f"{plan.settings.clips} clips a stage are a look, not a training: "
            "these networks know next to nothing yet."
        )
    notes.append(
        "One seed: trained models are not ranked by it. The same model trained again can differ by more than "
        "two models do; intervals here are over clips only."
    )
    if plan.model.facts.note:
        notes.append(f"{plan.model.facts.label}: {plan.model.facts.note}.")
    if plan.settings.accumulate > 1:
        notes.append(f"Batch norm saw {plan.settings.accumulate} micro-batches a step, one at a time.")
    return notes
