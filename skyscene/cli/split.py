"""`skyscene split`."""

from __future__ import annotations

from pathlib import Path

import click

from skyscene.builder import split as split_set
from skyscene.cli.options import folder_argument, json_option, print_json
from skyscene.errors import SkySceneError


@click.command(short_help="Put every source on one side: train, val or test.")
@folder_argument
@click.option("--by-source", is_flag=True, help="Required: no source is ever on two sides.")
@click.option("--val", default=0.05, show_default=True, help="Share of clips for val.")
@click.option("--test", default=0.1, show_default=True, help="Share of clips for test.")
@click.option("--seed", default=0, show_default=True, help="Order in which new sources are placed.")
@click.option("--keep-official", is_flag=True, help="Take test from the manifest, val from the rest.")
@json_option
def split(
    folder: Path, by_source: bool, val: float, test: float, seed: int, keep_official: bool, as_json: bool
) -> None:
    """Put every source of DIR on one side: train, val or test.

    A source that has a side keeps it; only new ones are placed. To split anew, delete
    DIR/assignments.parquet first.
    """
    if not by_source:
        raise click.UsageError("say --by-source: it is the only split that does not leak")
    report = split_set(folder, val=val, test=test, seed=seed, keep_official=keep_official)
    if as_json:
        print_json(report)
    else:
        for line in (*report.notices, *report.moved):
            click.echo(f"note: {line}", err=True)
        for side in ("train", "val", "test"):
            click.echo(
                f"{side:<6}{report.sources.get(side, 0):>6} sources{report.clips.get(side, 0):>8} clips"
            )
    if report.pending:
        raise SkySceneError(
            f"{report.pending} kept clips have no file yet and so no side: run the build without --no-clips, "
            f"or `skyscene retune {folder} --apply --fetch`, then split again"
        )
