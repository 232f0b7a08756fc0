"""`skyscene synth`."""

from __future__ import annotations

from pathlib import Path

import click

from skyscene.builder import render_films
from skyscene.cli.display import Display
from skyscene.cli.options import NewFolder, json_option, print_json, workers_option
from skyscene.synth import DEMO_SIZE, demo_sources, training_sources


class PictureSize(click.ParamType[tuple[int, int]]):
    """``640x360``: even sides."""

    name = "WxH"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """Width and height in pixels."""
        if isinstance(value, tuple):
            return int(value[0]), int(value[1])
        width, _, height = str(value).partition("x")
        if not (width.isdigit() and height.isdigit()) or int(width) % 2 or int(height) % 2:
            self.fail(f"{value!r}: write it as 640x360, with even numbers", param, ctx)
        if min(int(width), int(height)) < 16:
            self.fail(f"{value!r}: at least 16x16", param, ctx)
        return int(width), int(height)


@click.command(short_help="Render skies with known truth to video files.")
@click.option("--out", required=True, type=NewFolder(), help="Folder for the films.")
@click.option(
    "--set",
    "which",
    type=click.Choice(["demo", "training"]),
    default="demo",
    show_default=True,
    help="demo: 14 sources, some with defects. training: clean ones, as many as you like.",
)
@click.option("--seed", default=0, show_default=True, help="Varies every sky.")
@click.option("--size", type=PictureSize(), default="640x360", show_default=True)
@click.option("--count", type=click.IntRange(min=1), default=12, show_default=True, help="Training sources.")
@click.option("--frames", type=click.IntRange(min=1), default=160, show_default=True, help="Frames of each.")
@click.option("--wind", nargs=2, type=float, help="One wind for all, in pixels a frame at 640x360.")
@workers_option
@json_option
def synth(
    out: Path,
    which: str,
    seed: int,
    size: tuple[int, int],
    count: int,
    frames: int,
    wind: tuple[float, float] | None,
    workers: int | None,
    as_json: bool,
) -> None:
    """Render skies to OUT/NAME.mp4, and what is known of each to OUT/truth.json."""
    if which == "demo":
        sources = demo_sources(seed, *(size or DEMO_SIZE))
    else:
        sources = training_sources(count, seed, size, frames, wind)
    with Display(quiet=as_json) as display:
        films = render_films(sources, out, workers=workers, watch=display)
    if as_json:
        print_json({"films": films, "truth": out / "truth.json"})
    else:
        click.echo(f"{len(films)} films in {out}, their truth in {out / 'truth.json'}")
