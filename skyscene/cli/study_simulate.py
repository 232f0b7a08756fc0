"""`bench study simulate`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from skyscene.cli.options import json_option, print_json
from skyscene.cli.study_extra import needs_study


@click.command(short_help="How often the interval holds the truth, in simulated studies.")
@click.argument(
    "folder", metavar="[DIR]", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option(
    "--to", type=click.Path(dir_okay=False, path_type=Path), help="With DIR: where votes are written."
)
@click.option(
    "--studies", default=2000, show_default=True, type=click.IntRange(min=10), help="Of each design."
)
@click.option("--seed", default=0, show_default=True, help="Of the raters.")
@json_option
def simulate(folder: Path | None, to: Path | None, studies: int, seed: int, as_json: bool) -> None:
    """Draw studies whose true preference is known, and count how often the 95 % interval holds it.

    Raters have tastes and clips have favourites, as in the designs of published studies. At least 93 % is
    promised; above 97 % the interval is wider than it need be, and that is said.

    With DIR, made-up raters answer the trials of that study instead, in a CSV file that `bench study import`
    takes: to see a result before people are asked. Nothing in DIR changes.
    """
    needs_study()
    if folder is not None:
        _pretend(folder, to or Path("made-up-votes.csv"), seed, as_json)
        return
    if to is not None:
        raise click.UsageError("--to goes with the DIR of a study")
    from skyscene.study.statistics.simulate import DESIGNS, coverage

    found = [coverage(design, studies, seed) for design in DESIGNS]
    if as_json:
        print_json([{**asdict(each), "share": each.share, "verdict": each.verdict} for each in found])
        return
    click.echo(f"{'design':<42} {'POS':>5} {'held':>7} {'at least':>8} {'width':>6} {'Wilson':>7}  verdict")
    for design, each in zip(DESIGNS, found, strict=True):
        wilson = 100 * each.wilson_covered / each.studies
        click.echo(
            f"{design.name:<42} {design.true_pos:5.1f} {each.share:6.2f}% {each.lower95:7.2f}% "
            f"{each.mean_width:6.1f} {wilson:6.1f}%  {each.verdict}"
        )


def _pretend(folder: Path, to: Path, seed: int, as_json: bool) -> None:
    from skyscene.study.folder import StudyFolder
    from skyscene.study.pretend import pretend

    count = pretend(StudyFolder(folder), to, seed=seed)
    if as_json:
        print_json({"votes": count, "file": str(to)})
    else:
        click.echo(f"{count} made-up votes: {to}\nnext: bench study import {folder} {to}")
