"""The table of a contest: rows with their scores, intervals and distance from a copied first frame."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from skyscene.bench.contestant import Cost, Kind
from skyscene.bench.intervals import Estimate
from skyscene.bench.pictures import RESAMPLER
from skyscene.errors import BenchError
from skyscene.metrics import Goal
from skyscene.store import read_json, write_json

FILE = "results.json"
SCHEMA_VERSION = 2


@dataclass(frozen=True, slots=True)
class Column:
    """A metric of a table.

    Attributes:
        name: The metric.
        spec_id: What exactly it is.
        goal: Which way is good.
        unit: For people.
        of_sets: It compares all clips at once, over all frames.
        absent: Why it was not measured; empty where it was.
    """

    name: str
    spec_id: str
    goal: Goal
    unit: str
    of_sets: bool
    absent: str = ""

    @property
    def arrow(self) -> str:
        """Which way is good, in a sign or two."""
        return {
            "higher": "\N{UPWARDS ARROW}",
            "lower": "\N{DOWNWARDS ARROW}",
            "one": "\N{RIGHTWARDS ARROW}1",
        }[self.goal]


@dataclass(frozen=True, slots=True)
class Cell:
    """One metric of one row; without any numbers where the metric is absent, or no frame had anything to say.

    Attributes:
        scored: Over the benchmark's frames; of a set, over all clips whose features were taken.
        whole: Over all frames, 0 among them; none of a set.
        beyond_copy: Paired difference to the copied first frame over frames 8 to the last, better being
            positive; none for the copy itself, of a set, and where neither way is good.
        by_codec: By how much a codec moved it: paired difference to the same clips as they were before.
    """

    scored: Estimate | None = None
    whole: Estimate | None = None
    beyond_copy: Estimate | None = None
    by_codec: Estimate | None = None


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A model after a stage, a baseline, or clips from elsewhere.

    Attributes:
        name: The stage's or the baseline's; of its files.
        label: For people.
        kind: A model, a baseline, or an oracle, which looks at the truth.
        samples: Clips drawn from each first frame; numbers are over all of them.
        lossy: Whether its clips went through a codec that loses.
        cost: What its model takes, where that is known.
        clips_a_second: Drawn while it was scored; none for clips that were only read.
        cells: A metric each, in the order of the columns.
    """

    name: str
    label: str
    kind: Kind
    samples: int
    lossy: bool
    cost: Cost | None
    clips_a_second: float | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """A table.

    Attributes:
        model: Name of the model's recipe, or of the folder of clips.
        benchmark: Name and version of the benchmark.
        size: Side of the scored pictures.
        frames: The scored frames, half-open.
        manifest_hash: Of the data.
        clips: Scored clips.
        groups: Their split groups.
        set_clips: Of how many of them sets were compared.
        seed: Of the run; none for clips from elsewhere.
        budget: Clips seen in each stage; 0 for clips from elsewhere.
        device: Where it was scored.
        columns: The metrics.
        rows: Baselines, then stages.
        notes: What a reader has to know.
        resampler: Spec of what brought outputs and truth to that size.
        schema_version: Of this record.
    """

    model: str
    benchmark: str
    size: int
    frames: tuple[int, int]
    manifest_hash: str
    clips: int
    groups: int
    set_clips: int
    seed: int | None
    budget: int
    device: str
    columns: tuple[Column, ...]
    rows: tuple[ResultRow, ...]
    notes: tuple[str, ...]
    resampler: str = RESAMPLER
    schema_version: int = SCHEMA_VERSION

    @property
    def specs(self) -> tuple[str, ...]:
        """What exactly was measured, of pictures brought to their size by what: a spec id each."""
        return (*(column.spec_id for column in self.columns), self.resampler)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)

    def write(self, folder: Path) -> Path:
        """Writes it into a folder."""
        write_json(folder / FILE, self.to_json())
        return folder / FILE

    def cells(self, name: str) -> dict[str, Cell]:
        """Row to the cell of one metric."""
        at = [column.name for column in self.columns].index(name)
        return {row.name: row.cells[at] for row in self.rows}


def read_results(folder: Path) -> Results:
    """The table of a folder that was scored.

    Raises:
        BenchError: It was not scored, or by a version whose table this one does not read.
    """
    if not (folder / FILE).is_file():
        raise BenchError(f"{folder} is not scored yet: `bench score {folder}`")
    found = read_json(folder / FILE)
    if not isinstance(found, dict) or found.get("schema_version") != SCHEMA_VERSION:
        raise BenchError(f"{folder / FILE} is of another version: `bench score {folder}` makes it anew")
    try:
        results = TypeAdapter(Results).validate_python(found)
        if not results.rows or any(len(row.cells) != len(results.columns) for row in results.rows):
            raise BenchError(f"{folder / FILE} has rows and columns that do not fit: `bench score {folder}`")
        return results
    except ValidationError as error:
        first = error.errors()[0]
        raise BenchError(
            f"{folder / FILE}: {'.'.join(map(str, first['loc']))}: {first['msg']}; `bench score {folder}`"
        ) from None
