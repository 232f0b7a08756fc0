"""`bench score`: a run, or clips that a model elsewhere has drawn."""

from __future__ import annotations

from pathlib import Path

import click

from skyscene.cli.bench_display import BenchDisplay
from skyscene.cli.bench_options import (
    data_option,
    device_option,
    metric_option,
    print_results,
)
from skyscene.cli.options import NewFolder, json_option, print_json

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command(short_help="Score a trained run, or clips from elsewhere, beside the baselines.")
@click.argument("folder", metavar="RUN|PREDICTIONS", type=_FOLDER)
@data_option
@click.option("--truth", type=_FOLDER, help="The real clips, in the place of --data.")
@click.option("--benchmark", help="Of PREDICTIONS.  [default: sky64; without real clips, synthsky64]")
@click.option(
    "--original", type=_FOLDER, help="PREDICTIONS before their codec: by how much did it move each number?"
)
@click.option("--label", help="What the table calls PREDICTIONS.")
@click.option("--policy", help="Of the published set, as `bench inputs` had it.  [default: nonoverlap32]")
@click.option("--spatial", help="Of the published set, as `bench inputs` had it.  [default: squash]")
@metric_option
@click.option(
    "--set-clips",
    type=click.IntRange(min=0),
    help="Compare sets (FVD, KVD) of so many PREDICTIONS; 0 for all. Runs of the budget smoke have 4.",
)
@click.option("--out", type=NewFolder(), help="Where PREDICTIONS' scores go.  [default: runs/NAME-BENCHMARK]")
@click.option(
    "--i3d",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A TorchScript file in the place of the known I3D, for FVD and KVD.",
)
@click.option("--trust", is_flag=True, help="Run the file of --i3d although its hash is not known.")
@device_option
@json_option
def score(
    folder: Path,
    data: Path | None,
    truth: Path | None,
    benchmark: str | None,
    original: Path | None,
    label: str | None,
    policy: str | None,
    spatial: str | None,
    metrics: tuple[str, ...],
    set_clips: int | None,
    out: Path | None,
    i3d: Path | None,
    trust: bool,
    device: str,
    as_json: bool,
) -> None:
    """Score every stage of RUN, or the clips in PREDICTIONS, beside the baselines, on the test side.

    What was scored before is replaced.

    PREDICTIONS holds CLIP_ID.npy (uint8, 32 x height x width x 3), a folder of PNG files, or a video for each
    clip of `bench inputs`; CLIP_ID/SAMPLE.npy and so on for several drawn from one input.
    """
    from skyscene.bench import is_contest, make_elsewhere, open_contest, resolve_metrics
    from skyscene.bench.i3d_file import open_i3d
    from skyscene.errors import BenchError

    resolve_metrics(metrics)  # a misspelt one is said before anything is opened
    with BenchDisplay(quiet=as_json) as display:
        if is_contest(folder):
            given = {
                "--data": data,
                "--truth": truth,
                "--benchmark": benchmark,
                "--original": original,
                "--label": label,
                "--policy": policy,
                "--spatial": spatial,
                "--set-clips": set_clips,
                "--out": out,
            }
            odd = [name for name, value in given.items() if value is not None]
            if odd:
                raise BenchError(f"{folder} is a run, which knows its own: leave out {', '.join(odd)}")
            contest = open_contest(folder, device, display)
        else:
            taken = {"policy": policy, "spatial": spatial}
            name = benchmark or ("sky64" if data or truth else "synthsky64")
            protocol = Path(name).name.removesuffix(".toml")
            contest = make_elsewhere(
                folder,
                out or Path("runs") / f"{folder.absolute().name}-{protocol}",
                benchmark=name,
                data=data,
                truth=truth,
                original=original,
                label=label,
                set_clips=set_clips or 0,
                device=device,
                watch=display,
                **{key: value for key, value in taken.items() if value},
            )
        results = contest.score(metrics, open_i3d(i3d, trust, contest.device) if i3d else None)
    if as_json:
        print_json({"run": str(contest.folder), "results": results.to_json()})
    else:
        print_results(results)
        click.echo(f"next: bench report {contest.folder}")
