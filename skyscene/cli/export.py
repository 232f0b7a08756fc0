"""`skyscene export`."""

from __future__ import annotations

from pathlib import Path

import click

from skyscene.cli.options import NewFolder, folder_argument, json_option, print_json
from skyscene.dataset import FORMATS
from skyscene.dataset import export as export_set


@click.command(short_help="Write the clips in a layout that other tools read.")
@folder_argument
@click.option("--format", "layout", required=True, metavar="NAME", help=f"One of: {', '.join(FORMATS)}.")
@click.option("--to", required=True, type=NewFolder(), help="A new or empty folder.")
@json_option
def export(folder: Path, layout: str, to: Path, as_json: bool) -> None:
    """Write DIR's kept clips, by side of the split, in a layout that other tools read.

    official is the published Sky Time-lapse layout (sky_train/ID/ID_n/ID_frames_00000001.jpg), webdataset
    is tar shards, hf a folder for Hugging Face datasets, npz one NumPy archive a side.
    """
    report = export_set(folder, layout, to)
    if as_json:
        print_json(report)
        return
    sides = ", ".join(f"{count} {side}" for side, count in report.clips.items())
    click.echo(f"{sum(report.clips.values())} clips ({sides}) in {report.files} files at {report.folder}")
