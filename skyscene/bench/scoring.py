"""Scoring: one pass over the real clips, every contestant beside them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import torch
from torch import Tensor

from skyscene.bench.contestant import Block, Contestant, Truth, blocks, spread
from skyscene.bench.pictures import resample, to_unit_clips
from skyscene.bench.score_tables import ScoreWriter, write_clips, write_features
from skyscene.metrics import Clips, FrameMetric, Meter, Metric, Networks, SetMetric

_AT_ONCE = 8
TRUTH = "truth"


@torch.no_grad()
def score_contestants(
    truth: Truth,
    contestants: Sequence[Contestant],
    size: int,
    metrics: Sequence[Metric],
    networks: Networks,
    folder: Path,
    *,
    device: torch.device,
    most: int = 0,
    tick: Callable[[int], None] | None = None,
) -> Mapping[str, float]:
    """Writes the scores of every contestant into ``scores/`` and ``features/`` of a folder.

    Memory does not grow with the number of clips, but for 400 numbers a clip where a metric compares sets.

    Args:
        truth: The real clips.
        contestants: Who draws.
        size: Side of the pictures that are scored.
        metrics: What is measured; their networks are there.
        networks: By the name of their weights.
        folder: Where to.
        device: Where it is computed.
        most: Of how many clips, evenly spread, features are taken; 0 for all.
        tick: Told of clips that are done.

    Returns:
        Clips a second that each contestant drew.
    """
    frame_metrics = [one for one in metrics if isinstance(one, FrameMetric)]
    features = _Features(metrics, networks, spread(len(truth.ids), most))
    seconds = dict.fromkeys((one.name for one in contestants), 0.0)
    with ExitStack() as stack:
        tables = {
            one.name: stack.enter_context(ScoreWriter(folder / "scores" / f"{one.name}.parquet"))
            for one in contestants
        }
        for places, block in blocks(truth, _AT_ONCE, device):
            real = Clips(to_unit_clips(block.stored_bthwc, size), "real clips")
            features.take(TRUTH, real, block, places)
            for contestant in contestants:
                began = time.perf_counter()
                drawn = _drawn(contestant, block, size)
                seconds[contestant.name] += time.perf_counter() - began
                for sample, clip_bcthw in enumerate(drawn):
                    predicted = Clips(clip_bcthw, f"the clips of {contestant.label}")
                    for each in frame_metrics:
                        found = each(predicted, real, networks)
                        tables[contestant.name].add(each.spec_id, block.ids, sample, found)
                    features.take(contestant.name, predicted, block, places)
            if tick:
                tick(len(places))
    write_clips(folder, truth)
    features.write(folder)
    return {name: len(truth.ids) / max(spent, 1e-9) for name, spent in seconds.items()}


class _Features:
    """Features of some of the clips of every row, for metrics that compare sets."""

    def __init__(self, metrics: Sequence[Metric], networks: Networks, chosen: Sequence[int]) -> None:
        self._extractors = {one.extractor: one.features for one in metrics if isinstance(one, SetMetric)}
        self._networks, self._chosen = networks, set(chosen)
        self._taken: dict[tuple[str, str], dict[str, list[Tensor]]] = {}

    def take(self, row: str, clips: Clips, block: Block, places: Sequence[int]) -> None:
        """Takes those of the chosen clips that are in a block."""
        here = [at for at, place in enumerate(places) if place in self._chosen]
        if not here:
            return
        some = clips if len(here) == len(clips) else Clips(clips.bcthw[here])
        for name, extract in self._extractors.items():
            mine = self._taken.setdefault((name, row), {})
            for at, found in zip(here, extract(some, self._networks), strict=True):
                mine.setdefault(block.ids[at], []).append(found.cpu())

    def write(self, folder: Path) -> None:
        """Writes a table a row into ``features/``."""
        for wanted in {row for _, row in self._taken}:
            mine = {name: found for (name, row), found in self._taken.items() if row == wanted}
            write_features(folder / "features" / f"{wanted}.parquet", mine)


@torch.no_grad()
def mean_score(
    truth: Truth,
    contestant: Contestant,
    size: int,
    metric: FrameMetric,
    frames: tuple[int, int],
    device: torch.device,
) -> float:
    """One metric of one contestant over some frames of all clips, nothing written."""
    meter = Meter(metric, frames=frames)
    for _, block in blocks(truth, _AT_ONCE, device):
        real = to_unit_clips(block.stored_bthwc, size)
        for clip_bcthw in _drawn(contestant, block, size):
            meter.update(clip_bcthw, real)
    return meter.compute()


def _drawn(contestant: Contestant, block: Block, size: int) -> list[Tensor]:
    """Its clips as they are scored, in [0, 1]; what a device was asked for is done."""
    clips = [resample(clip.float(), size).clamp(0, 1) for clip in contestant.draw(block)]
    if block.stored_bthwc.device.type == "cuda":
        torch.cuda.synchronize(block.stored_bthwc.device)
    return clips
