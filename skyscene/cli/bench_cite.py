"""`bench cite`."""

from __future__ import annotations

from pathlib import Path

import click

from skyscene.cli.options import json_option, print_json


@click.command(short_help="What to cite, as BibTeX: SkyScene, the data, the models, the metrics.")
@click.argument(
    "folders", metavar="[RUN]...", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option("--text", "as_text", is_flag=True, help="Plain text instead of BibTeX.")
@json_option
def cite(folders: tuple[Path, ...], as_text: bool, as_json: bool) -> None:
    """Print what to cite with the numbers of each RUN; without one, SkyScene and the data set."""
    from skyscene.bench import read_results
    from skyscene.bench.citation import citation

    tables = [read_results(folder) for folder in folders]
    told = citation(
        "text" if as_text else "bibtex",
        models=[table.model for table in tables],
        metrics=[column.spec_id for table in tables for column in table.columns if not column.absent],
    )
    if as_json:
        print_json({"citation": told})
    else:
        click.echo(told)
