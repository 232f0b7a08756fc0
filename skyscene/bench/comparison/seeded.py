"""Models of a comparison that were trained several times, by one plan but for the seed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from skyscene.bench.caveats import ONE_SEED
from skyscene.bench.contest import Contest
from skyscene.bench.contestant import Kind
from skyscene.bench.plan import Plan
from skyscene.bench.results import Results
from skyscene.bench.running import RUN
from skyscene.bench.seeds import OverSeeds, clips_seen, over_seeds
from skyscene.store import read_json


def run_name(folder: Path) -> str:
    """A run told by its folder and the one around it: two plans may give one name."""
    return f"{folder.parent.name}/{folder.name}"


@dataclass(frozen=True, slots=True)
class SeededModel:
    """A model over all seeds of one plan.

    Attributes:
        label: For people.
        seeds: The seeds, in the order of the runs.
        folders: The runs.
        rows: Every metric of every row, baselines among them.
    """

    label: str
    seeds: tuple[int, ...]
    folders: tuple[Path, ...]
    rows: tuple[OverSeeds, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "label": self.label,
            "seeds": list(self.seeds),
            "runs": [str(folder) for folder in self.folders],
            "rows": [row.to_json() for row in self.rows],
        }


@dataclass(frozen=True, slots=True)
class SeededRow:
    """A row of the table over seeds.

    Attributes:
        label: For people.
        kind: A model, a baseline, or an oracle.
        seeds: How many; none for what is not trained.
        cells: A metric each, in the order of the table's columns; none where a run lacks it.
    """

    label: str
    kind: Kind
    seeds: int | None
    cells: tuple[OverSeeds | None, ...]


@dataclass(frozen=True, slots=True)
class SeededTable:
    """The table over seeds.

    Attributes:
        title: Over how many.
        models: What was trained with several.
        rows: What is not trained once, then every row of every model.
    """

    title: str
    models: tuple[SeededModel, ...]
    rows: tuple[SeededRow, ...]
    about: ClassVar[str] = (
        "The mean of the trainings \N{PLUS-MINUS SIGN} the standard deviation between them, and the lowest "
        "to the highest. They differ in their seed alone and are scored on the same clips. Where two models "
        "overlap, another seed can turn their order round."
    )

    @property
    def trainings(self) -> list[str]:
        """A line a model: its number, where rows have one, and its runs."""
        many = len(self.models) > 1
        return [
            f"{f'#{number} ' if many else ''}{model.label}: {', '.join(map(run_name, model.folders))}"
            for number, model in enumerate(self.models, 1)
        ]


def seeded_models(
    contests: Sequence[Contest], tables: Sequence[Results], plans: Mapping[Path, Plan]
) -> tuple[SeededModel, ...]:
    """What was trained with two seeds or more. A seed that is there twice counts once, as its first run.

    Args:
        contests: Contests on the same clips.
        tables: Their tables.
        plans: A contest's folder to the plan of its run; clips from elsewhere have none.
    """
    found: dict[str, dict[int, tuple[Path, Results]]] = {}
    for contest, table in zip(contests, tables, strict=True):
        plan = plans.get(contest.folder)
        if plan is not None:
            runs = found.setdefault(_but_for_the_seed(plan, table, contest.folder), {})
            runs.setdefault(plan.settings.seed, (contest.folder, table))
    models = []
    for runs in found.values():
        if len(runs) < 2:
            continue
        folders = tuple(folder for folder, _ in runs.values())
        rows = over_seeds([table for _, table in runs.values()])
        models.append(SeededModel(plans[folders[0]].model.facts.label, tuple(runs), folders, tuple(rows)))
    return tuple(models)


def _but_for_the_seed(plan: Plan, table: Results, folder: Path) -> str:
    """A training as text without its seed, and without the place of the data, which a manifest hash tells.

    Processes are of it: each takes a batch, so that more of them take fewer steps.
    """
    told = plan.table()
    told["run"] = {key: value for key, value in told["run"].items() if key not in ("seed", "data")}
    processes = read_json(folder / RUN).get("processes", 1)
    return json.dumps([told, clips_seen(table), processes], default=str, sort_keys=True)


def seeded_table(models: Sequence[SeededModel], results: Results) -> SeededTable | None:
    """The table over seeds; none where nothing was trained twice."""
    if not models:
        return None
    counts = {len(model.seeds) for model in models}
    title = f"Over {counts.pop()} seeds" if len(counts) == 1 else "Over seeds"
    return SeededTable(title, tuple(models), tuple(_rows(models, results)))


def _rows(models: Sequence[SeededModel], results: Results) -> Iterator[SeededRow]:
    labels = [label for model in models for label in {row.label for row in model.rows}]
    for number, model in enumerate(models):
        for name in dict.fromkeys(row.row for row in model.rows):
            mine = {row.metric: row for row in model.rows if row.row == name}
            first = next(iter(mine.values()))
            cells = tuple(mine.get(column.name) for column in results.columns)
            if first.kind == "model":
                told_apart = f" (#{number + 1})" if labels.count(first.label) > 1 else ""
                yield SeededRow(first.label + told_apart, first.kind, len(model.seeds), cells)
            elif number == 0:
                yield SeededRow(first.label, first.kind, None, cells)


def notes_of(
    contests: Sequence[Contest], tables: Sequence[Results], models: Sequence[SeededModel]
) -> tuple[str, ...]:
    """The notes of all tables once; that there is one seed is told of those runs alone that have no other."""
    told = dict.fromkeys(note for table in tables for note in table.notes)
    repeated = {folder for model in models for folder in model.folders}
    alone = [
        run_name(contest.folder)
        for contest, table in zip(contests, tables, strict=True)
        if ONE_SEED in table.notes and contest.folder not in repeated
    ]
    if not repeated:
        return tuple(told)
    of_these = f"{', '.join(alone)}: {ONE_SEED[:1].lower()}{ONE_SEED[1:]}"
    return tuple(of_these if note == ONE_SEED else note for note in told if note != ONE_SEED or alone)
