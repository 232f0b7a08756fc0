"""`bench report`: the page of one run, or of several side by side."""

from __future__ import annotations

from pathlib import Path

import click

from skyscene.cli.bench_display import BenchDisplay
from skyscene.cli.bench_options import device_option, print_over_seeds
from skyscene.cli.options import NewFolder, json_option, print_json


@click.command(short_help="Write the report of a scored run, or of several side by side.")
@click.argument(
    "folders",
    metavar="RUN...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option("--to", type=NewFolder(), help="Where to.  [default: RUN; of several, comparison]")
@click.option(
    "--add", is_flag=True, help="Add the rows to the leaderboard, if they were scored as its rows were."
)
@click.option(
    "--leaderboard",
    default=Path("leaderboard.json"),
    show_default=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The leaderboard's file.",
)
@device_option
@json_option
def report(
    folders: tuple[Path, ...], to: Path | None, add: bool, leaderboard: Path, device: str, as_json: bool
) -> None:
    """Write report.html and report.md of a scored RUN, or of several RUNs on the same clips.

    RUNs that differ in their seed alone are also put together: mean and spread over seeds.
    """
    from skyscene.bench import add_to_leaderboard, compare, open_contest, read_results, write_report

    folders = tuple(dict.fromkeys(folder.absolute() for folder in folders))
    if add:
        added = {
            folder.name: add_to_leaderboard(read_results(folder), folder.name, leaderboard)
            for folder in folders
        }
        if as_json:
            print_json({"leaderboard": str(leaderboard), "added": added})
            return
        for name, count in added.items():
            click.echo(f"{name}: {count} new rows in {leaderboard}")
        return
    with BenchDisplay(quiet=as_json) as display:
        for folder in folders:
            read_results(folder)  # before anything is opened, which can take long
        comparison = compare([open_contest(folder, device, display) for folder in folders])
        page = write_report(comparison, to or (folders[0] if len(folders) == 1 else Path("comparison")))
    if as_json:
        over_seeds = [model.to_json() for model in comparison.seeded]
        print_json({"report": str(page), "over_seeds": over_seeds})
    else:
        for model in comparison.seeded:
            print_over_seeds(model.rows)
        click.echo(f"look at it: {page}")
