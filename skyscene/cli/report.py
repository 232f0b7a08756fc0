"""`skyscene report`."""

from __future__ import annotations

from pathlib import Path

import click

from skyscene.builder import funnel, write_report
from skyscene.cli.options import folder_argument, json_option, print_json
from skyscene.store import existing


@click.command(short_help="Write a page that shows what was kept, rejected, and why.")
@folder_argument
@click.option(
    "--to",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write the page; DIR/report.html by default.",
)
@json_option
def report(folder: Path, to: Path | None, as_json: bool) -> None:
    """Write one page that shows what was kept and rejected in DIR, and why.

    The page needs no server and no network: open it in a browser. In DIR its kept clips play. Of a large
    set most pictures lie beside it, in a folder of its name.
    """
    path = write_report(folder, to)
    counts = funnel(existing(folder))
    if as_json:
        print_json({"report": str(path), "funnel": counts.as_dict()})
        return
    for line in counts.lines():
        click.echo(line)
    click.echo(path)
