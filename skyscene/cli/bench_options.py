"""Options that the commands of `bench` share, and how a table is printed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from skyscene.bench import OverSeeds, Results
    from skyscene.bench.intervals import Estimate

Command = TypeVar("Command", bound=Callable[..., Any])


def run_argument(command: Command) -> Command:
    """``RUN``: an existing run's folder."""
    return click.argument(
        "folder", metavar="RUN", type=click.Path(exists=True, file_okay=False, path_type=Path)
    )(command)


def device_option(command: Command) -> Command:
    """``--device``."""
    return click.option(
        "--device", default="auto", show_default=True, help="auto, cpu, cuda, mps: where to compute."
    )(command)


def data_option(command: Command) -> Command:
    """``--data``."""
    return click.option(
        "--data",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="A folder that `skyscene build` made, the published one with sky_train and sky_test, or VGAN's "
        "strips (beach64, golf64).",
    )(command)


def policy_option(command: Command) -> Command:
    """``--policy``."""
    return click.option(
        "--policy",
        default="nonoverlap32",
        show_default=True,
        help="Of the published set: nonoverlap32, first32, ge33-first32.",
    )(command)


def spatial_option(command: Command) -> Command:
    """``--spatial``."""
    return click.option(
        "--spatial", default="squash", show_default=True, help="Of the published set: squash, centercrop."
    )(command)


def metric_option(command: Command) -> Command:
    """``--metric``."""
    return click.option(
        "--metric",
        "metrics",
        multiple=True,
        help="A metric to score by, again for more: `bench list metrics`, or my_module:METRIC.  "
        "[default: the benchmark's]",
    )(command)


def print_results(results: Results) -> None:
    """A table: a block a metric where a row would not fit, means and intervals."""
    labels = {row.name: row.label + (" (oracle)" if row.kind == "oracle" else "") for row in results.rows}
    wide = max(map(len, labels.values()))
    shown = [column for column in results.columns if not column.absent]
    heads = [f"{column.name} {column.arrow}" for column in shown]
    cells = {
        row.name: [
            _number(cell.scored)
            for cell, column in zip(row.cells, results.columns, strict=True)
            if not column.absent
        ]
        for row in results.rows
    }
    widths = [max(len(head), *(len(line[at]) for line in cells.values())) for at, head in enumerate(heads)]
    for part in _parts(widths, shutil.get_terminal_size((160, 24)).columns - wide):
        click.echo(f"{'':<{wide}}  {'  '.join(f'{heads[at]:>{widths[at]}}' for at in part)}")
        for row in results.rows:
            line = cells[row.name]
            numbers = "  ".join(f"{line[at]:>{widths[at]}}" for at in part)
            click.echo(f"{labels[row.name]:<{wide}}  {numbers}")
    for column in results.columns:
        if column.absent:
            click.echo(f"note: {column.name} is not measured: {column.absent}", err=True)
    for note in results.notes:
        click.echo(f"note: {note}", err=True)


def _number(found: Estimate | None) -> str:
    if found is None:
        return "-"
    return f"{found.mean:.5g}" + (f" [{found.low:.4g}, {found.high:.4g}]" if found.low is not None else "")


def _parts(widths: Sequence[int], room: int) -> list[list[int]]:
    """Columns that fit beside each other."""
    parts: list[list[int]] = [[]]
    for at, width in enumerate(widths):
        if parts[-1] and sum(widths[k] + 2 for k in parts[-1]) + width + 2 > room:
            parts.append([])
        parts[-1].append(at)
    return parts


def print_over_seeds(rows: Sequence[OverSeeds]) -> None:
    """A line a row and metric: mean and standard deviation over the seeds, lowest and highest."""
    if not rows:
        return
    wide = max(len(row.label) for row in rows)
    name = max(len(row.metric) for row in rows)
    click.echo(f"\nover {len(rows[0].means)} seeds:")
    for row in rows:
        ends = f"  [{row.ends}]" if row.ends else ""
        click.echo(f"{row.label:<{wide}}  {row.metric:>{name}}  {row.text}{ends}")
