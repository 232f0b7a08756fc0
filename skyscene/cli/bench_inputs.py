"""`bench inputs`: the first frames that a model elsewhere draws from."""

from __future__ import annotations

from pathlib import Path

import click

from skyscene.cli.bench_display import BenchDisplay
from skyscene.cli.bench_options import data_option, policy_option, spatial_option
from skyscene.cli.options import NewFolder, json_option, print_json


@click.command(short_help="Write the first frames that a model elsewhere draws from.")
@data_option
@click.option("--to", required=True, type=NewFolder(), help="Gets CLIP_ID.png and inputs.json.")
@click.option("--benchmark", help="[default: sky64 with --data, else synthsky64]")
@policy_option
@spatial_option
@json_option
def inputs(
    data: Path | None, to: Path, benchmark: str | None, policy: str, spatial: str, as_json: bool
) -> None:
    """Write the first frame of every test clip as CLIP_ID.png, for a model that lives elsewhere.

    It draws 32 frames from each and saves them as CLIP_ID.npy; `bench score` takes the folder.
    """
    from skyscene.bench import load_benchmark, write_inputs
    from skyscene.bench.find_data import check_wanted, find_data

    name = benchmark or ("sky64" if data else "synthsky64")
    recipe = load_benchmark(name)
    check_wanted(name, recipe, data)
    with BenchDisplay(quiet=as_json) as display:
        found = find_data(recipe, str(data) if data else None, policy, spatial, display)
        path = write_inputs(found, name, recipe, to)
    if as_json:
        print_json({"inputs": str(path), "clips": len(found.sides["test"])})
    else:
        again = [f"--benchmark {name}", *([f"--data {data}"] if data else [])]
        again += [f"--policy {policy}"] if policy != "nonoverlap32" else []
        again += [f"--spatial {spatial}"] if spatial != "squash" else []
        click.echo(
            f"{len(found.sides['test'])} first frames: {to}\nnext: bench score PREDICTIONS {' '.join(again)}"
        )
