"""`bench study score`."""

from __future__ import annotations

from pathlib import Path

import click

from skyscene.cli.options import folder_argument, json_option, print_json
from skyscene.cli.study_extra import needs_study


@click.command(short_help="POS with honest intervals, as JSON, Markdown and a page.")
@folder_argument
@json_option
def score(folder: Path, as_json: bool) -> None:
    """Score the votes of the study in DIR: score.json, report.md, report.html, exclusions.csv.

    The interval is two-way cluster-robust: votes of one rater are alike, and so are votes on one clip. Whom
    the rules of the protocol leave out is named, and the result of all votes stands beside. Exits with 1 if
    the votes break the protocol.
    """
    needs_study()
    from skyscene.study.folder import StudyFolder
    from skyscene.study.report import summary, write_study_report
    from skyscene.study.scoring import score_study, to_table, write_score

    place = StudyFolder(folder)
    found = score_study(place)
    write_score(place, found)
    page = write_study_report(place, found)
    if as_json:
        print_json(to_table(found))
    else:
        for line in summary(found):
            click.echo(line)
        click.echo(f"look at it: {page}")
    if found.breaches:
        raise click.exceptions.Exit(1)
