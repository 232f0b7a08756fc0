"""Predictions that need no training: no model is worth a row that does not stand beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial

import torch
from torch import Tensor

from skyscene.bench.contestant import Block, Contestant
from skyscene.bench.data import BenchData
from skyscene.bench.pictures import to_unit_clips

_AT_ONCE = 16
TRAIN_MEAN = "train-mean"


@dataclass(frozen=True, slots=True)
class Baseline:
    """A row that is in every table.

    Attributes:
        name: Its name.
        label: What a table calls it.
        oracle: It looks at the truth: no model can, so it ranks with none.
        about: A line for `bench list`.
        predict: First frames (b, 3, h, w), real clips (b, 3, t, h, w) and the mean clip (3, t, h, w), all in
            [0, 1], to clips.
    """

    name: str
    label: str
    oracle: bool
    about: str
    predict: Callable[[Tensor, Tensor, Tensor], Tensor]


def copy_first(first_bchw: Tensor, real_bcthw: Tensor, mean_cthw: Tensor) -> Tensor:
    """The first frame, again and again."""
    return first_bchw.unsqueeze(2).expand_as(real_bcthw)


def train_mean(first_bchw: Tensor, real_bcthw: Tensor, mean_cthw: Tensor) -> Tensor:
    """The mean clip of the training set, whatever the first frame."""
    return mean_cthw.expand_as(real_bcthw)


def clip_mean(first_bchw: Tensor, real_bcthw: Tensor, mean_cthw: Tensor) -> Tensor:
    """Each clip's own mean frame: the best still picture, which takes the truth to know."""
    return real_bcthw.mean(dim=2, keepdim=True).expand_as(real_bcthw)


BASELINES: Mapping[str, Baseline] = {
    found.name: found
    for found in (
        Baseline("copy-first", "copy first frame", False, "the first frame 32 times", copy_first),
        Baseline(TRAIN_MEAN, "mean of the training set", False, "one clip for all", train_mean),
        Baseline("clip-mean", "mean of the clip", True, "the true clip's mean frame 32 times", clip_mean),
    )
}


def mean_clip(data: BenchData, size: int, device: torch.device) -> Tensor:
    """Mean of all training clips, (3, t, size, size), in [0, 1]."""
    total: Tensor | None = None
    for places in data.blocks("train", _AT_ONCE):
        clip_bcthw = to_unit_clips(data.stored("train", places).to(device), size)
        part = clip_bcthw.cpu().double().sum(dim=0)  # not every device has float64
        total = part if total is None else total + part
    assert total is not None
    return (total / len(data.sides["train"])).float().to(device)


def baselines(data: BenchData | None, size: int, device: torch.device) -> list[Contestant]:
    """All of them as contestants; the training set is gone through once, when its mean is first drawn.

    Without data, which have a training set, its mean is not among them.
    """
    if data is None:
        known = [found for found in BASELINES.values() if found.name != TRAIN_MEAN]
        return [_contestant(found, size, partial(torch.empty, 0)) for found in known]
    mean = cache(lambda: mean_clip(data, size, device))
    return [_contestant(found, size, mean) for found in BASELINES.values()]


def _contestant(found: Baseline, size: int, mean: Callable[[], Tensor]) -> Contestant:
    def draw(block: Block) -> list[Tensor]:
        real_bcthw = to_unit_clips(block.stored_bthwc, size)
        mean_cthw = mean() if found.name == TRAIN_MEAN else torch.empty(0)
        return [found.predict(real_bcthw[:, :, 0], real_bcthw, mean_cthw)]

    return Contestant(found.name, found.label, "oracle" if found.oracle else "baseline", draw)
