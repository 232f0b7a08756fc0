"""`skyscene build`."""

from __future__ import annotations

from pathlib import Path

import click

from skyscene.builder import build as build_set
from skyscene.cli.display import Display
from skyscene.cli.options import NewFolder, json_option, print_json, set_option, workers_option
from skyscene.errors import SkySceneError


@click.command(short_help="Turn videos into an indexed set of 32-frame clips.")
@click.argument("sources", nargs=-1, required=True)
@click.option("--out", required=True, type=NewFolder(), help="The build folder.")
@click.option(
    "--recipe", default="sky", show_default=True, help="A recipe's name, or a path to a .toml file."
)
@workers_option
@set_option
@click.option("--no-clips", is_flag=True, help="Index only: kept clips are not encoded yet.")
@click.option("--retry", is_flag=True, help="Try again now what failed for good or has to wait.")
@click.option("--strict", is_flag=True, help="Exit with 1 if any source yields nothing.")
@json_option
@click.pass_context
def build(
    ctx: click.Context,
    sources: tuple[str, ...],
    out: Path,
    recipe: str,
    workers: int | None,
    overrides: tuple[str, ...],
    no_clips: bool,
    retry: bool,
    strict: bool,
    as_json: bool,
) -> None:
    """Turn SOURCES into an indexed set of 32-frame clips.

    SOURCES are video files, folders, addresses, or manifests (CSV, Parquet, or one id, address or path a
    line). Each is decoded once. What is rejected keeps its reason in the index. A build that was stopped
    goes on where it was, with the same command.
    """
    with Display(out / ".work", quiet=as_json) as display:
        report = build_set(
            sources,
            out,
            recipe=recipe,
            set=overrides,
            workers=workers,
            clips=not no_clips,
            retry=retry,
            watch=display,
        )
    if as_json:
        print_json(report)
    else:
        for line in report.funnel.lines():
            click.echo(line)
        rate = report.funnel.frames / max(report.seconds, 1e-6)
        if report.built:
            click.echo(f"{report.built} sources in {report.seconds:.1f} s, {rate:.0f} frames/s")
        elif not report.faults:
            click.echo("nothing was left to do")
        if report.faults:
            count = len(report.faults)
            click.echo(
                f"{count} sources yielded nothing: column reason of {out / 'sources.parquet'} says why"
            )
        click.echo(f"next: skyscene split {out} --by-source; skyscene report {out}")
    if strict and report.faults:
        raise SkySceneError(f"{len(report.faults)} sources yielded nothing; first {report.faults[0]}")
    ctx.exit(0)
