"""Contests put side by side: one table, where they agree on clips, benchmark and metrics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from skyscene.bench.comparison.seeded import SeededModel, notes_of, seeded_models
from skyscene.bench.contest import Contest
from skyscene.bench.contestant import Contestant
from skyscene.bench.intervals import Sums
from skyscene.bench.plan import RECIPE, Plan, read_plan
from skyscene.bench.results import ResultRow, Results, read_results
from skyscene.bench.score_tables import ScoredClips
from skyscene.bench.scoring import TRUTH
from skyscene.errors import BenchError
from skyscene.metrics import FrameMetric, metric


@dataclass(frozen=True, slots=True)
class Entrant:
    """A row of a comparison.

    Attributes:
        row: The row.
        contestant: Who draws.
        scored: Where its scores are.
        own: Its name there.
    """

    row: ResultRow
    contestant: Contestant
    scored: ScoredClips
    own: str

    def by_frame(self, found: FrameMetric) -> Sums:
        """What a metric has added up, (clips, frames)."""
        return Sums(*self.scored.sums(self.own, found.spec_id), found.finish)


@dataclass(frozen=True)
class Comparison:
    """Contests on the same clips.

    Attributes:
        contests: The contests.
        results: Their table; baselines once.
        entrants: Its rows, in its order.
        plans: A contest's folder to the plan of its run; clips from elsewhere have none.
        seeded: What was trained with several seeds.
    """

    contests: tuple[Contest, ...]
    results: Results
    entrants: tuple[Entrant, ...]
    plans: Mapping[Path, Plan]
    seeded: tuple[SeededModel, ...]

    @cached_property
    def frame_metrics(self) -> tuple[FrameMetric, ...]:
        """The measured metrics that have values a frame."""
        found = [metric(column.name) for column in self.results.columns if not column.absent]
        return tuple(one for one in found if isinstance(one, FrameMetric))

    @property
    def scored(self) -> ScoredClips:
        """The scored clips, which all contests share."""
        return self.entrants[0].scored


def compare(contests: Sequence[Contest]) -> Comparison:
    """Contests as one comparison.

    Raises:
        BenchError: One is not scored, or they differ in clips, benchmark, size or metrics.
    """
    tables = [read_results(contest.folder) for contest in contests]
    for contest, table in zip(contests[1:], tables[1:], strict=True):
        told = _difference(tables[0], table)
        if told:
            raise BenchError(f"{contest.folder} cannot stand beside {contests[0].folder}: {told}")
    entrants = []
    many = len(contests) > 1
    for number, (contest, table) in enumerate(zip(contests, tables, strict=True)):
        drawn_by = {one.name: one for one in contest.contestants}
        scored = ScoredClips(contest.folder)
        for row in table.rows:
            shared = row.kind in ("baseline", "oracle")
            if shared and number:
                continue
            if row.name not in drawn_by:
                raise BenchError(f"{contest.folder}: {row.name} is scored, but nobody draws it: score again")
            name = f"{number}-{contest.folder.name}/{row.name}" if many and not shared else row.name
            named = replace(row, name=name)
            entrants.append(Entrant(named, drawn_by[row.name], scored, row.name))
    entrants = _told_apart(entrants)
    plans = {one.folder: read_plan(one.folder) for one in contests if (one.folder / RECIPE).is_file()}
    seeded = seeded_models(contests, tables, plans)
    notes = notes_of(contests, tables, seeded)
    merged = replace(tables[0], rows=tuple(entrant.row for entrant in entrants), notes=notes)
    if many:
        merged = replace(merged, model=", ".join(dict.fromkeys(table.model for table in tables)))
    return Comparison(tuple(contests), merged, tuple(entrants), plans, seeded)


def _difference(one: Results, other: Results) -> str:
    for what, here, there in (
        ("benchmark", one.benchmark, other.benchmark),
        ("manifest hash", one.manifest_hash, other.manifest_hash),
        ("evaluation size", one.size, other.size),
        ("scored frames", one.frames, other.frames),
        ("number of clips", one.clips, other.clips),
        ("clips that sets are compared of", one.set_clips, other.set_clips),
        ("metrics", [c.spec_id for c in one.columns], [c.spec_id for c in other.columns]),
        (
            "absent metrics",
            [c.name for c in one.columns if c.absent],
            [c.name for c in other.columns if c.absent],
        ),
    ):
        if here != there:
            return f"their {what} differ ({_told(here)} and {_told(there)}): score them alike"
    return ""


def _told(value: object) -> str:
    return ", ".join(map(str, value)) or "none" if isinstance(value, list) else str(value)


def _told_apart(entrants: Sequence[Entrant]) -> list[Entrant]:
    """Rows of equal labels get the name of their folder beside it, and where that is equal too, a number."""
    labels = [TRUTH, *(entrant.row.label for entrant in entrants)]
    told: list[Entrant] = []
    taken = {TRUTH}
    for one in entrants:
        label = one.row.label
        if labels.count(label) > 1 and one.row.kind not in ("baseline", "oracle"):
            label = f"{label} ({one.scored.folder.name})"
        name, number = label, 2
        while name in taken:
            name, number = f"{label} #{number}", number + 1
        taken.add(name)
        told.append(replace(one, row=replace(one.row, label=name)))
    return told
