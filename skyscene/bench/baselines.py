"""Predictions that need no training: no model is worth a row that does not stand beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from skyscene.bench.data import BenchData
from skyscene.bench.pictures import to_clips

_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Baseline:
    """A row that is in every table.

    Attributes:
        name: Its name.
        label: What a table calls it.
        oracle: It looks at the truth: no model can, so it ranks with none.
        about: A line for `bench list`.
        predict: First frames (b, 3, h, w), real clips (b, 3, t, h, w) and the mean clip (3, t, h, w), all in
            [-1, 1], to clips.
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
        Baseline("train-mean", "mean of the training set", False, "one clip for all", train_mean),
        Baseline(
            "clip-mean", "mean of the clip (oracle)", True, "the true clip's mean frame 32 times", clip_mean
        ),
    )
}


def mean_clip(data: BenchData, size: int, device: torch.device) -> Tensor:
    """Mean of all training clips, (3, t, size, size), in [-1, 1]."""
    total: Tensor | None = None
    for places in data.blocks("train", _AT_ONCE):
        clip_bcthw = to_clips(data.stored("train", places).to(device), size)
        part = clip_bcthw.double().sum(dim=0)
        total = part if total is None else total + part
    assert total is not None
    return (total / len(data.sides["train"])).float()
