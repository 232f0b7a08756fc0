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
from skyscene.bench.score_tables import score_writer, write_clips, write_features
from skyscene.errors import MetricError
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
        Clips a second that each contestant drew, but for those that only read theirs.

    Raises:
        MetricError: A contestant draws clips of another shape or number, or what is no number.
    """
    frame_metrics = [one for one in metrics if isinstance(one, FrameMetric)]
    features = _Features(metrics, networks, spread(len(truth.ids), most))
    seconds = dict.fromkeys((one.name for one in contestants), 0.0)
    with ExitStack() as stack:
        tables = {
            one.name: stack.enter_context(score_writer(folder / "scores" / f"{one.name}.parquet"))
            for one in contestants
        }
        for places, block in blocks(truth, _AT_ONCE, device):
            real = Clips(to_unit_clips(block.stored_bthwc, size), "real clips")
            features.take(TRUTH, real, block, places)
            for contestant in contestants:
                began = time.perf_counter()
                drawn = _drawn(contestant, block, real, size)
                if places.start or len(truth.ids) <= _AT_ONCE:  # the first block warms up
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
    timed = len(truth.ids) - (_AT_ONCE if len(truth.ids) > _AT_ONCE else 0)
    return {one.name: one.samples * timed / max(seconds[one.name], 1e-9) for one in contestants if one.timed}


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
        real = Clips(to_unit_clips(block.stored_bthwc, size), "real clips")
        for clip_bcthw in _drawn(contestant, block, real, size):
            meter.add(Clips(clip_bcthw, f"the clips of {contestant.label}"), real)
    return meter.compute()


def _drawn(contestant: Contestant, block: Block, real: Clips, size: int) -> list[Tensor]:
    """Its clips as they are scored, in [0, 1]; what a device was asked for is done."""
    clips = [resample(clip.float(), size) for clip in contestant.draw(block)]
    if len(clips) != contestant.samples:
        raise MetricError(f"{contestant.label} draws {len(clips)} samples a clip, not {contestant.samples}")
    for clip_bcthw in clips:
        if clip_bcthw.shape != real.bcthw.shape:
            raise MetricError(
                f"{contestant.label} draws {tuple(clip_bcthw.shape)} beside {tuple(real.bcthw.shape)}"
            )
        if not clip_bcthw.isfinite().all():
            raise MetricError(f"{contestant.label} draws what is no number")
    return [clip_bcthw.clamp(0, 1) for clip_bcthw in clips]
