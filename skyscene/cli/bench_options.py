"""Options that the commands of `bench` share, and how a table is printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from skyscene.bench import OverSeeds, Results

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


def print_results(results: Results) -> None:
    """A run's table: a row a line, means and intervals."""
    names = [cell.name for cell in results.rows[0].cells]
    wide = max(len(row.label) for row in results.rows)
    click.echo(f"{'':<{wide}}  {'  '.join(f'{name:>24}' for name in names)}")
    for row in results.rows:
        cells = []
        for cell in row.cells:
            mean, low, high = cell.scored.mean, cell.scored.low, cell.scored.high
            cells.append(f"{mean:.5g}" + (f" [{low:.4g}, {high:.4g}]" if low is not None else ""))
        click.echo(f"{row.label:<{wide}}  {'  '.join(f'{text:>24}' for text in cells)}")
    for note in results.notes:
        click.echo(f"note: {note}", err=True)


def print_over_seeds(rows: Sequence[OverSeeds]) -> None:
    """A line a row and metric: mean and standard deviation over the seeds."""
    wide = max(len(row.label) for row in rows)
    click.echo(f"\nover {len(rows[0].means)} seeds:")
    for row in rows:
        click.echo(
            f"{row.label:<{wide}}  {row.metric:>8}  {row.mean:.5g} \N{PLUS-MINUS SIGN} {row.spread:.2g}"
        )
