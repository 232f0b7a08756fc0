"""Scores of every clip and frame of a side, by a trained model or a baseline."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import torch
from lightning_fabric import Fabric
from torch import Tensor

from skyscene.bench.baselines import Baseline
from skyscene.bench.data import BenchData
from skyscene.bench.model import Model
from skyscene.bench.pictures import resample, to_clips, to_unit
from skyscene.bench.recipe import BenchmarkRecipe
from skyscene.metrics import metric

_AT_ONCE = 8
SCHEMA = pa.schema(
    [
        ("spec_id", pa.string()),
        ("clip_id", pa.string()),
        ("group_id", pa.string()),
        ("sample", pa.int16()),
        ("frame", pa.int16()),
        ("value", pa.float64()),
    ],
    metadata={b"table": b"scores", b"schema_version": b"1"},
)
"""A row a metric, clip and frame; output 0 stands in the input's own place."""

Predict = Callable[[Tensor], Tensor]
"""Stored clips, uint8 (b, t, h, w, 3), to predicted ones in [-1, 1], (b, 3, t, h, w), of any size."""


def score_model(
    fabric: Fabric,
    model: Model,
    stage: str,
    data: BenchData,
    side: str,
    benchmark: BenchmarkRecipe,
    metrics: Sequence[str] | None = None,
    tick: Callable[[int], None] | None = None,
) -> pa.Table:
    """The scores of a model after a stage; see `SCHEMA`. The model is left in `eval` mode."""
    model.eval()

    def predict(stored_bthwc: Tensor) -> Tensor:
        first_bchw = to_clips(stored_bthwc[:, :1], model.size)[:, :, 0]
        with fabric.autocast():
            return model.predict(stage, first_bchw)

    return _scores(predict, fabric.device, data, side, benchmark, metrics, tick)


def score_baseline(
    fabric: Fabric,
    baseline: Baseline,
    data: BenchData,
    side: str,
    benchmark: BenchmarkRecipe,
    mean_cthw: Tensor,
    tick: Callable[[int], None] | None = None,
) -> pa.Table:
    """The scores of a baseline, which may ask for the mean clip of the training set; see `SCHEMA`."""

    def predict(stored_bthwc: Tensor) -> Tensor:
        real_bcthw = to_clips(stored_bthwc, benchmark.size)
        return baseline.predict(real_bcthw[:, :, 0], real_bcthw, mean_cthw)

    return _scores(predict, fabric.device, data, side, benchmark, None, tick)


def mean_of(scores: pa.Table, spec_id: str, frames: tuple[int, int]) -> float:
    """Mean over a range of frames and all clips."""
    return float(per_clip(scores, spec_id, frames).mean())


def per_clip(scores: pa.Table, spec_id: str, frames: tuple[int, int]) -> np.ndarray:
    """Mean of each clip over a range of frames, in the table's order of clips."""
    return np.asarray(by_clip_and_frame(scores, spec_id)[:, frames[0] : frames[1]].mean(axis=1))


def by_clip_and_frame(scores: pa.Table, spec_id: str) -> np.ndarray:
    """The values of one metric, (clips, frames), in the table's order of clips."""
    rows = scores.filter(pc.equal(scores["spec_id"], spec_id))
    frames = int(rows["frame"].to_numpy().max()) + 1
    return np.asarray(rows["value"].to_numpy().reshape(-1, frames))


@torch.no_grad()
def _scores(
    predict: Predict,
    device: torch.device,
    data: BenchData,
    side: str,
    benchmark: BenchmarkRecipe,
    metrics: Sequence[str] | None,
    tick: Callable[[int], None] | None,
) -> pa.Table:
    chosen = [metric(name) for name in metrics or benchmark.metrics]
    tables: list[list[pa.Table]] = [[] for _ in chosen]
    ids, groups = data.ids(side), data.groups(side)
    for places in data.blocks(side, _AT_ONCE):
        stored = data.stored(side, places).to(device)
        real = to_unit(to_clips(stored, benchmark.size))
        drawn = to_unit(resample(predict(stored).float().clamp(-1, 1), benchmark.size))
        for each, rows in zip(chosen, tables, strict=True):
            values_bt = each(drawn, real).cpu().numpy()
            rows.append(_rows(each.spec_id, [ids[k] for k in places], [groups[k] for k in places], values_bt))
        if tick:
            tick(len(places))
    return pa.concat_tables([table for rows in tables for table in rows]).combine_chunks()


def _rows(spec_id: str, ids: list[str], groups: list[str], values_bt: np.ndarray) -> pa.Table:
    clips, frames = values_bt.shape
    return pa.table(
        {
            "spec_id": [spec_id] * values_bt.size,
            "clip_id": np.repeat(ids, frames),
            "group_id": np.repeat(groups, frames),
            "sample": np.zeros(values_bt.size, np.int16),
            "frame": np.tile(np.arange(frames, dtype=np.int16), clips),
            "value": values_bt.ravel(),
        },
        schema=SCHEMA,
    )
