"""`skyscene retune`."""

from __future__ import annotations

from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from skyscene.builder import Counts, RetuneReport
from skyscene.builder import retune as retune_set
from skyscene.cli.display import Display
from skyscene.cli.lines import shown
from skyscene.cli.options import folder_argument, json_option, print_json, set_option, workers_option

_WIDE = 200
"""Characters a line where the output is no terminal."""


@click.command(short_help="Change thresholds of a build folder without decoding again.")
@folder_argument
@set_option
@click.option("--recipe", help="Another recipe's name, or a path to a .toml file; by default DIR's own.")
@click.option("--apply", is_flag=True, help="Do it; without, only a table of what would change is printed.")
@click.option("--fetch", is_flag=True, help="With --apply: download again what is needed and not there.")
@click.option("--no-clips", is_flag=True, help="Index only: newly kept clips are not encoded yet.")
@workers_option
@json_option
def retune(
    folder: Path,
    overrides: tuple[str, ...],
    recipe: str | None,
    apply: bool,
    fetch: bool,
    no_clips: bool,
    workers: int | None,
    as_json: bool,
) -> None:
    """Show what other thresholds would change in DIR; with --apply, do it.

    Filters, detectors, windows and bars are decided anew from the stored numbers. Only clips that become kept
    are decoded. The result is what a new build with these values would be.
    """
    if fetch and not apply:
        raise click.UsageError("--fetch needs --apply: without, nothing is changed")
    with Display(quiet=as_json) as display:
        report = retune_set(
            folder,
            set=overrides,
            recipe=recipe,
            apply=apply,
            fetch=fetch,
            clips=not no_clips,
            workers=workers,
            watch=display,
        )
    if as_json:
        print_json(report)
        return
    for value in report.values:
        click.echo(value)
    console = Console(highlight=False)
    Console(highlight=False, width=None if console.is_terminal else _WIDE).print(_table(report))
    if not apply:
        click.echo("nothing is changed yet; --apply does it")
        return
    click.echo(f"{report.total.encoded} clips encoded in {report.seconds:.1f} s")
    click.echo(f"from now on build with the same values, or with --recipe {folder / 'recipe.toml'}")


def _table(report: RetuneReport) -> Table:
    """A row a source in which something changes, one for the others, and the sum."""
    table = Table(box=box.SIMPLE_HEAD, show_footer=True, footer_style="bold")
    changed = [item for item in report.sources if _changes(item.counts)]
    heads = ("kept", "pending", "newly kept", "newly rejected", "unchanged", "to encode")
    table.add_column("source", footer=f"{len(report.sources)} sources", overflow="fold")
    total = _cells(report.total)
    for head, foot in zip(heads, total, strict=True):
        name = "encoded" if report.applied and head == "to encode" else head
        table.add_column(name, footer=foot, justify="left" if head == "newly rejected" else "right")
    for item in sorted(changed, key=lambda item: item.name):
        table.add_row(escape(shown(item.name)), *_cells(item.counts))
    rest = len(report.sources) - len(changed)
    if rest:
        table.add_row(f"{rest} without a change", *[""] * len(heads))
    return table


def _changes(counts: Counts) -> bool:
    return bool(counts.newly_kept or counts.newly_rejected or counts.pending or counts.encoded)


def _cells(counts: Counts) -> tuple[str, ...]:
    reasons = ", ".join(f"{number} {reason}" for reason, number in counts.newly_rejected.items())
    numbers = (counts.kept, counts.pending, counts.newly_kept)
    return (*map(str, numbers), escape(shown(reasons)) or "0", str(counts.unchanged), str(counts.encoded))
