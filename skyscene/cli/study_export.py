"""`bench study export`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from skyscene.cli.bench_display import BenchDisplay
from skyscene.cli.bench_options import device_option
from skyscene.cli.options import NewFolder, json_option, print_json, set_option
from skyscene.cli.study_extra import needs_study

if TYPE_CHECKING:
    from skyscene.study.export import Draft


@click.command(short_help="Make a study of runs: pairs, media, key, files for platforms.")
@click.argument(
    "given", metavar="[STUDY.toml] RUN...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--protocol", help="skyscene, mdgan, vgan, dtvnet, or a STUDY.toml.  [default: skyscene]")
@click.option("--out", type=NewFolder(), help="The study's folder, new.  [default: studies/ and a name]")
@click.option("--base-url", default="", help="Where public/ will lie, for the platforms' files: https://...")
@click.option(
    "--dry-run", is_flag=True, help="Counts, cost and the width of the interval; nothing is written."
)
@set_option
@device_option
@json_option
def export(
    given: tuple[Path, ...],
    protocol: str | None,
    out: Path | None,
    base_url: str,
    dry_run: bool,
    overrides: tuple[str, ...],
    device: str,
    as_json: bool,
) -> None:
    """Make a study of the clips of RUNs, which `bench run` or `bench score` made, beside the real ones.

    \b
    bench study export runs/mdgan-sky64-seed0 runs/vgan-sky64-seed0 --out studies/s1
    bench study export --protocol mdgan runs/* --dry-run

    Only public/ may be given to others: key.parquet says who drew what.
    """  # noqa: D301
    needs_study()
    from skyscene.study.export import export_study, plan_study
    from skyscene.study.recipe import load_protocol

    runs = list(given)
    if runs[0].suffix == ".toml":
        if protocol:
            raise click.UsageError(f"two protocols: {runs[0]} and --protocol {protocol}")
        protocol = str(runs.pop(0))
    recipe = load_protocol(protocol or "skyscene", overrides)
    if not runs:
        raise click.UsageError("whose clips? Give the folders of runs")
    with BenchDisplay(quiet=as_json) as display:
        draft = plan_study(runs, recipe, device=device, watch=display)
        counts = _counts(draft)
        if dry_run:
            _tell(counts, as_json)
            return
        to = out or Path("studies") / draft.study.study
        folder = export_study(draft, to, display, base_url)
    counts |= {"study": str(folder.root), "exports": sorted(path.name for path in folder.exports.iterdir())}
    _tell(counts, as_json)
    if not as_json:
        click.echo(f"next: bench study serve {folder.root} --raters {recipe.raters}")


def _counts(draft: Draft) -> dict[str, Any]:
    from skyscene.study.statistics.power import two_way_width, width

    protocol, design = draft.study.protocol, draft.design
    pairs = len({frozenset((pair.left, pair.right)) for pair in design.pairs if pair.kind == "test"})
    clips, votes = len(draft.shown), protocol.votes
    longest = max(map(len, design.slots))
    robust = min(protocol.raters, clips) >= 2
    return {
        "contestants": [side.label for side in draft.study.sides.values()],
        "clips": clips,
        "pairs": pairs,
        "votes": design.votes,
        "trials": draft.trials,
        "raters": protocol.raters,
        "trials_a_rater": longest,
        "minutes_a_rater": round(longest * (draft.study.seconds + 3) / 60, 1),
        "cost": round(draft.trials * protocol.cents / 100, 2) if protocol.cents else None,
        "width_at_50": round(two_way_width(protocol.raters, clips, votes, 0.5, 1.0), 1) if robust else None,
        "width_if_independent": round(width(clips * votes), 1),
        "notes": list(draft.study.notes),
    }


def _tell(counts: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(counts)
        return
    click.echo(f"{', '.join(counts['contestants'])}: {counts['pairs']} pairs on {counts['clips']} clips")
    click.echo(
        f"{counts['votes']} votes of {counts['raters']} raters; with practice, gold and repeats "
        f"{counts['trials']} trials, {counts['trials_a_rater']} a rater at most, "
        f"about {counts['minutes_a_rater']:g} minutes"
    )
    if counts["cost"] is not None:
        click.echo(f"cost: {counts['cost']:g}")
    if counts["width_at_50"] is not None:
        click.echo(
            f"a POS of 50 will have an interval about {counts['width_at_50']:g} points wide "
            f"({counts['width_if_independent']:g} if votes were independent), where raters and clips differ "
            "as in DTVNet-like studies"
        )
    for note in counts["notes"]:
        click.echo(f"note: {note}", err=True)
    if "study" in counts:
        click.echo(f"study: {counts['study']} (public/ for raters; key.parquet is secret)")
