"""`skyscene verify`."""

from __future__ import annotations

from pathlib import Path

import click

from skyscene.builder import verify as verify_set
from skyscene.cli.display import Display
from skyscene.cli.lines import shown
from skyscene.cli.options import folder_argument, json_option, print_json, workers_option
from skyscene.errors import VerifyError

_MOST_LINES = 50


@click.command(short_help="Check every promise of the index by decoding again.")
@folder_argument
@workers_option
@json_option
@click.pass_context
def verify(ctx: click.Context, folder: Path, workers: int | None, as_json: bool) -> None:
    """Check every promise of DIR's index by decoding sources and clips again.

    Exits with 1 and a list if one is broken.
    """
    with Display(quiet=as_json) as display:
        report = verify_set(folder, workers=workers, watch=display)
    if as_json:
        print_json(report)
        ctx.exit(1 if report.faults else 0)
    for notice in report.notices:
        click.echo(f"note: {shown(notice)}")
    for fault in report.faults[:_MOST_LINES]:
        click.echo(shown(str(fault)))
    if len(report.faults) > _MOST_LINES:
        click.echo(f"and {len(report.faults) - _MOST_LINES} more")
    checked = f"{report.clips} clips ({report.decoded} against their source again)"
    if report.faults:
        raise VerifyError(f"{len(report.faults)} broken promises in {checked}")
    click.echo(f"all promises hold: {checked}")
