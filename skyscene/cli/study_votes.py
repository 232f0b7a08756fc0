"""`bench study import` and `bench study forget-rater`."""

from __future__ import annotations

from pathlib import Path

import click

from skyscene.cli.options import folder_argument, json_option, print_json
from skyscene.cli.study_extra import needs_study


@click.command(name="import", short_help="Take in votes that a platform collected.")
@folder_argument
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--platform", help="mturk, jspsych, labelstudio, arena, csv.  [default: found by the header]")
@json_option
def import_(folder: Path, file: Path, platform: str | None, as_json: bool) -> None:
    """Take the votes of FILE, as a platform exports them, into the study in DIR: all of them or none.

    Unknown pairs, votes of another study, doubled votes and missing answers are named with file and line.
    """
    needs_study()
    from skyscene.study.folder import StudyFolder
    from skyscene.study.platforms import import_votes

    found = import_votes(StudyFolder(folder), file, platform)
    if as_json:
        print_json(found)
        return
    click.echo(f"{found.votes} votes of {found.raters} raters ({found.platform})")
    for line, reason in found.skipped:
        click.echo(f"note: {file}:{line}: not counted: {reason}", err=True)
    click.echo(f"next: bench study score {folder}")


@click.command(name="forget-rater", short_help="Delete a rater's link and votes.")
@folder_argument
@click.argument("rater", metavar="RATER")
@json_option
def forget_rater(folder: Path, rater: str, as_json: bool) -> None:
    """Delete all that DIR knows of RATER, given as a link's token or as exclusions.csv names it."""
    needs_study()
    from skyscene.study.folder import StudyFolder
    from skyscene.study.serving import forget_rater as forget

    found = forget(StudyFolder(folder), rater)
    if as_json:
        print_json(found)
    else:
        click.echo(f"forgotten: {found.votes} votes and {found.visits} visits of {found.rater}")
        click.echo(f"next: bench study score {folder}, whose files still name them")
