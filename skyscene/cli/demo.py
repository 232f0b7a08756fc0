"""`skyscene demo`."""

from __future__ import annotations

from pathlib import Path

import click

from skyscene.builder import demo as run_demo
from skyscene.builder import write_report
from skyscene.cli.display import Display
from skyscene.cli.options import NewFolder, json_option, print_json, workers_option
from skyscene.errors import VerifyError


@click.command(short_help="Render a dozen skies and run the whole chain on them.")
@click.option("--out", default=Path("demo"), show_default=True, type=NewFolder())
@click.option("--seed", default=0, show_default=True, help="Varies every sky.")
@workers_option
@json_option
def demo(out: Path, seed: int, workers: int | None, as_json: bool) -> None:
    """Render a dozen skies with known defects, build, split, verify and report them.

    Exits with 1 if a cut, fade, dissolve, dark, zoom or pan is in a kept clip, or a clean sky lost over a
    fifth of its windows.
    """
    with Display(out / "set" / ".work", quiet=as_json) as display:
        result = run_demo(out, seed=seed, workers=workers, watch=display)
    page = write_report(out / "set")
    if as_json:
        print_json(result)
    else:
        for line in result.build.funnel.lines():
            click.echo(line)
        click.echo(f"all promises checked on {result.verify.clips} clips, and compared with the truth")
        click.echo(f"rendered films:  {out / 'films'}")
        click.echo(f"kept clips:      {out / 'set' / 'clips'}")
        click.echo(f"look at it all:  {page}")
    if result.faults:
        raise VerifyError("\n".join([f"{len(result.faults)} faults against the truth", *result.faults]))
