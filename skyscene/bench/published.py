"""Numbers that papers print (`benchmarks/published.toml`), shown apart from any that were measured here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from skyscene.bench.intervals import wilson
from skyscene.errors import RecipeError
from skyscene.recipes import Settings, build, nearest, read_toml, shipped
from skyscene.report import fragment

if TYPE_CHECKING:
    from markupsafe import Markup

HEADING = "Published elsewhere: not comparable with the table above"
"""Over the published numbers, wherever they stand."""
LEAD = (
    "As the papers print them, on other data, splits and conventions. They say what was claimed; how a model "
    "here compares with them, they do not say."
)
_ARROWS = {"higher": "\N{NO-BREAK SPACE}↑", "lower": "\N{NO-BREAK SPACE}↓", "": ""}
_NONE = "\N{EN DASH}"

Printed = Annotated[str, Field(pattern=r"^-?\d+(\.\d+)?$")]
"""A number as it is printed, with its last zeros."""


class Source(Settings):
    """A paper.

    Attributes:
        key: Its name in the register and in `skyscene.bench.papers`.
        label: Short, for people.
        paper: Authors, title, venue.
        year: Of the venue.
    """

    key: str
    label: str
    paper: str
    year: int


class PublishedMetric(Settings):
    """What a paper calls a metric, and what that most likely was.

    Attributes:
        better: Which way is good; empty for neither.
        unit: For people; empty for none.
        preference: Whether it is a share of votes in percent.
        convention: What exactly was computed, as far as it is known.
        basis: Whether the paper states that, or its numbers or code let one infer it, or neither.
    """

    better: Literal["higher", "lower", ""]
    unit: str = ""
    preference: bool = False
    convention: str
    basis: Literal["stated", "inferred", "unknown"]


class PublishedRow(Settings):
    """A model's numbers, or those of one model against another.

    Attributes:
        model: Whose.
        over: Of a preference: what it was preferred to.
        values: By metric, as printed.
        note: What sets the row apart.
    """

    model: str
    over: str = ""
    values: Mapping[str, Printed]
    note: str = ""

    @property
    def label(self) -> str:
        """The model, or the two of a comparison."""
        return f"{self.model} over {self.over}" if self.over else self.model


class PublishedTable(Settings):
    """A table of a paper, or numbers of its text.

    Attributes:
        source: The paper.
        table: Where in it.
        dataset: On what.
        resolution: Side of the pictures in pixels; none if not stated.
        frames: Of a clip; none for no clips.
        n: How many of what is counted; none if not stated.
        counted: Clips, pairs, votes.
        metrics: By name, in the order of the columns.
        rows: In the paper's order.
        comparable: Whether a number may stand beside one that was measured here.
        why: What speaks for or against that, in a sentence.
    """

    source: Source
    table: str
    dataset: str
    resolution: int | None = Field(default=None, ge=1)
    frames: int | None = Field(default=None, ge=1)
    n: int | None = Field(default=None, ge=1)
    counted: str = ""
    metrics: Mapping[str, PublishedMetric]
    rows: tuple[PublishedRow, ...] = Field(min_length=1)
    comparable: bool
    why: str = Field(min_length=1)

    def interval(self, row: PublishedRow, name: str) -> tuple[float, float] | None:
        """The Wilson 95 % interval of a share of votes, in percent; none for a score or an unknown n."""
        if self.n is None or not self.metrics[name].preference or name not in row.values:
            return None
        low, high = wilson(float(row.values[name]) / 100, self.n)
        return 100 * low, 100 * high

    @property
    def head(self) -> str:
        """Over the rows' labels."""
        return "comparison" if any(row.over for row in self.rows) else "model"

    @property
    def setting(self) -> str:
        """Data, size, length and count in a line."""
        unsaid = self.n is None
        counted = f"number of {self.counted} not stated" if unsaid else f"{self.n:,} {self.counted}"
        parts = (
            self.dataset,
            self.resolution and f"{self.resolution} px",
            self.frames and f"{self.frames} frames",
            self.counted and counted,
        )
        return ", ".join(part for part in parts if part)


def load_published() -> tuple[PublishedTable, ...]:
    """The tables of the shipped register, paper by paper.

    Raises:
        RecipeError: Every fault at once.
    """
    return resolve_published(read_toml(shipped("benchmarks") / "published.toml"))


def resolve_published(register: Mapping[str, Any]) -> tuple[PublishedTable, ...]:
    """The tables of a register.

    Raises:
        RecipeError: Every fault at once.
    """
    faults = [f"{key}: unknown key; {nearest(key, ['papers'])}" for key in register if key != "papers"]
    tables = []
    for key, paper in register.get("papers", {}).items():
        facts = {name: value for name, value in paper.items() if name not in ("metrics", "tables")}
        known = paper.get("metrics", {})
        for at, table in enumerate(paper.get("tables", ())):
            where = f"papers.{key}.tables.{at}"
            names = table.get("metrics", ())
            metrics = {name: known[name] for name in names if name in known}
            filled = {**table, "source": {"key": key, **facts}, "metrics": metrics}
            strange = {*names, *(name for row in table.get("rows", ()) for name in row.get("values", {}))}
            faults += [
                f"{where}: no metric '{name}': {nearest(name, metrics)}"
                for name in sorted(strange - {*metrics})
            ]
            try:
                tables.append(build(PublishedTable, filled, where))
            except RecipeError as error:
                faults += error.problems
    if faults:
        raise RecipeError(faults)
    return tuple(tables)


def published_html(tables: Sequence[PublishedTable]) -> Markup:
    """A section of the run's report: a fold a paper, nothing in it among the measured rows."""
    return fragment(
        "bench/published", heading=HEADING, lead=LEAD, papers=list(_papers(tables)), arrows=_ARROWS
    )


def published_markdown(tables: Sequence[PublishedTable]) -> str:
    """The same in Markdown: a heading a paper, a table a table."""
    lines = [f"## {HEADING}", "", LEAD, ""]
    for source, mine, metrics in _papers(tables):
        lines += [f"### {source.label}", "", f"{source.paper}.", ""]
        for table in mine:
            lines += [f"**{table.table}**: {table.setting}", "", *_grid(table), ""]
            lines += [f"{'Comparable' if table.comparable else 'Not comparable'}: {table.why}", ""]
        lines += [f"- {name} ({metric.basis}): {metric.convention}." for name, metric in metrics.items()] + [
            ""
        ]
    return "\n".join(lines)


def _papers(
    tables: Sequence[PublishedTable],
) -> Iterator[tuple[Source, list[PublishedTable], dict[str, PublishedMetric]]]:
    """Each paper with its tables and their metrics; a convention is then said once."""
    for source, group in groupby(tables, key=lambda table: table.source):
        mine = list(group)
        yield source, mine, {name: metric for table in mine for name, metric in table.metrics.items()}


def _grid(table: PublishedTable) -> Iterator[str]:
    heads = [
        f"{name}{f' in {metric.unit}' if metric.unit else ''}{_ARROWS[metric.better]}"
        for name, metric in table.metrics.items()
    ]
    yield _line(table.head, *heads)
    yield _line("---", *("---:" for _ in heads))
    for row in table.rows:
        label = f"{row.label} ({row.note})" if row.note else row.label
        yield _line(label, *(_cell(table, row, name) for name in table.metrics))


def _cell(table: PublishedTable, row: PublishedRow, name: str) -> str:
    ends = table.interval(row, name)
    return row.values.get(name, _NONE) + (f" [{ends[0]:.1f}, {ends[1]:.1f}]" if ends else "")


def _line(*cells: str) -> str:
    inside = " | ".join(cell.replace("|", r"\|") for cell in cells)
    return f"| {inside} |"
