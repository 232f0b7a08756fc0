"""`bench resume` and `predict`: steps of a run, each alone."""

from __future__ import annotations

from pathlib import Path

import click

from skyscene.cli.bench_display import BenchDisplay
from skyscene.cli.bench_options import device_option, run_argument
from skyscene.cli.options import json_option, print_json


@click.command(short_help="Go on with a training that was stopped.")
@run_argument
@device_option
@json_option
def resume(folder: Path, device: str, as_json: bool) -> None:
    """Train what RUN has not trained yet, exactly as if it had not been stopped."""
    from skyscene.bench import keep_memory, open_run

    with BenchDisplay(quiet=as_json) as display:
        opened = open_run(folder, device, display)
        keep_memory(opened.fabric.device)
        opened.train()
    if not opened.leads:  # of several processes, one tells
        return
    if as_json:
        print_json({"run": str(folder)})
    else:
        click.echo(f"trained: {folder}\nnext: bench score {folder}; bench report {folder}")


@click.command(short_help="Animate any photo.")
@run_argument
@click.argument("photo", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--to", required=True, type=click.Path(dir_okay=False, path_type=Path), help="OUT.mp4")
@click.option("--stage", help="Which stage draws; the last by default.")
@device_option
@json_option
def predict(folder: Path, photo: Path, to: Path, stage: str | None, device: str, as_json: bool) -> None:
    """Write to OUT.mp4 the 32 frames that RUN draws from PHOTO."""
    from skyscene.bench import animate, open_trained

    clip = animate(open_trained(folder, device), photo, to, stage)
    if as_json:
        print_json({"clip": str(clip)})
    else:
        click.echo(f"32 frames: {clip}")
