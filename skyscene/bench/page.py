"""The report of a run: one page with the table, film strips, curves and facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pyarrow.parquet as pq
import torch
from markupsafe import Markup

from skyscene.bench.baselines import BASELINES
from skyscene.bench.log import read_log
from skyscene.bench.pictures import resample, to_bytes, to_clips
from skyscene.bench.results import LATE, Results, read_results
from skyscene.bench.running import Run
from skyscene.bench.scoring import by_clip_and_frame
from skyscene.metrics import metric
from skyscene.report import Strip, lines, render
from skyscene.store import read_json, write_bytes, write_json

_CLIPS = 4
_EVERY = 4
_QUALITY = 88


@dataclass(frozen=True, slots=True)
class Labelled:
    """A film strip with its name.

    Attributes:
        label: Whose frames.
        text: The JPEG in base64.
        width: In pixels, as shown.
        height: In pixels, as shown.
    """

    label: str
    text: str
    width: int
    height: int


def write_run_report(run: Run) -> Path:
    """Writes ``report.html`` and ``results.json`` into a run's folder; the page.

    Raises:
        BenchError: The run was not trained or not scored.
    """
    results = read_results(run.folder)
    write_json(run.folder / "results.json", results.to_json())
    page = render(
        "bench",
        title=run.plan.model.facts.label,
        results=results,
        higher={cell.name for cell in results.rows[0].cells if metric(cell.name).higher_is_better},
        late=LATE,
        clips=list(_clips(run)),
        by_frame=Markup(_by_frame(run, results)),
        curves=list(_curves(run)),
        facts=list(_facts(run, results)),
        open=run.plan.model.facts.open,
    )
    path = run.folder / "report.html"
    write_bytes(path, page.encode())
    return path


@torch.no_grad()
def _clips(run: Run) -> Iterator[dict[str, Any]]:
    """Some test clips, evenly spread: the truth, and what each stage draws."""
    ids = run.data.ids("test")
    places = sorted({round(k) for k in np.linspace(0, len(ids) - 1, min(_CLIPS, len(ids)))})
    stored = run.data.stored("test", places).to(run.fabric.device)
    size = run.plan.benchmark.size
    drawn = {"truth": to_clips(stored, size)}
    first_bchw = to_clips(stored[:, :1], run.model.size)[:, :, 0]
    for stage, settings in run.plan.model.stages.items():
        run.load(stage)
        run.model.eval()
        drawn[settings.label] = resample(run.model.predict(stage, first_bchw).float(), size)
        for name, clip in run.model.pictures(stage, first_bchw).items():
            drawn[f"{settings.label}: {name}"] = resample(clip.float(), size)
    pictures = {label: to_bytes(clip).cpu().numpy() for label, clip in drawn.items()}
    for row, place in enumerate(places):
        first = pictures["truth"][row, 0]
        yield {
            "clip_id": ids[place],
            "strips": [_strip(label, first, clips[row]) for label, clips in pictures.items()],
        }


def _strip(label: str, first_hwc: np.ndarray, clip_thwc: np.ndarray) -> Labelled:
    tiles = [first_hwc, *clip_thwc[_EVERY - 1 :: _EVERY]]
    row = np.concatenate(
        [np.pad(tile, ((0, 0), (0, 2), (0, 0)), constant_values=255) for tile in tiles], axis=1
    )
    _, jpeg = cv2.imencode(".jpg", row[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    strip = Strip(jpeg.tobytes(), len(tiles), row.shape[1] // len(tiles), row.shape[0])
    scale = max(1, 96 // row.shape[0])
    return Labelled(label, strip.text, row.shape[1] * scale, row.shape[0] * scale)


def _by_frame(run: Run, results: Results) -> str:
    """The benchmark's best metric, frame by frame."""
    best = metric(run.plan.benchmark.best)
    series = {}
    for row in results.rows:
        table = pq.read_table(run.folder / "scores" / f"{row.name}.parquet")
        means = by_clip_and_frame(table, best.spec_id).mean(axis=0)
        series[row.label] = (list(range(len(means))), means.tolist())
    unit = f"{best.name} in {best.unit}" if best.unit else best.name
    return lines("by-frame", series, "frame", unit)


def _curves(run: Run) -> Iterator[Mapping[str, Any]]:
    """The losses of each stage over the clips seen."""
    records = read_log(run.folder / "log.jsonl")
    for stage, settings in run.plan.model.stages.items():
        mine = [record for record in records if record["stage"] == stage]
        names = sorted({name for record in mine for name in record} - {"stage", "seen", "seconds_a_step"})
        for owner in sorted({name.partition("/")[0] for name in names}):
            series = {
                name.partition("/")[2] or name: (
                    [record["seen"] for record in mine if name in record],
                    [record[name] for record in mine if name in record],
                )
                for name in names
                if name.partition("/")[0] == owner
            }
            svg = lines(f"curve-{stage}-{owner}", series, "real clips seen", "")
            yield {"label": f"{settings.label}: {owner}", "svg": Markup(svg)}


def _facts(run: Run, results: Results) -> Iterator[tuple[str, str]]:
    about = read_json(run.folder / "run.json")
    yield "paper", run.plan.model.facts.paper
    for name, count in about["parameters"].items():
        yield f"parameters of {name}", f"{count:,}"
    for stage, told in about["stages"].items():
        label = run.plan.model.stages[stage].label
        settings = run.plan.model.stages[stage]
        yield f"{label}: batch, rate, betas", f"{settings.batch}, {settings.rate:g}, {settings.betas}"
        yield f"{label}: time", f"{told['seconds']:,.0f} s, {told['seconds_a_step']:.3f} s a step"
        yield f"{label}: a clip drawn", f"{told['gigaflops_a_clip']:,} GFLOP"
    yield "precision", run.plan.settings.precision
    yield "device", about["device"]
    yield "data", f"{about['data']}, manifest {about['manifest_hash']}"
    yield "clips", ", ".join(f"{side} {count}" for side, count in about["clips"].items())
    yield "baselines", ", ".join(baseline.label for baseline in BASELINES.values())
    yield "versions", ", ".join(f"{name} {version}" for name, version in about["versions"].items())
