"""Scores of clips in memory: `skyscene.score`, for a training loop of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from skyscene.bench.backbones import load_networks
from skyscene.errors import MetricError
from skyscene.metrics import Goal, Meter, SetMetric, metric, paired

DEFAULT = (
    "mse01",
    "psnr",
    "ssim",
    "lpips/alex",
    "flowmse/dis-medium",
    "motion/dis-medium",
    "static/dis-medium",
)
_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Score:
    """One number.

    Attributes:
        value: The number; none where it was not measured or no frame had anything to say.
        spec_id: What exactly it is.
        goal: Which way is good.
        unit: For people.
        absent: Why it was not measured; empty where it was.
    """

    value: float | None
    spec_id: str
    goal: Goal
    unit: str
    absent: str = ""

    def __float__(self) -> float:
        return float("nan") if self.value is None else self.value

    def __str__(self) -> str:
        if self.value is None:
            return f"- ({self.spec_id}: {self.absent or 'no frame has anything to say'})"
        return f"{self.value:.6g}{' ' + self.unit if self.unit else ''} ({self.spec_id})"


def score(
    pred_bcthw: Tensor | np.ndarray[Any, Any],
    true_bcthw: Tensor | np.ndarray[Any, Any],
    metrics: Sequence[str] = DEFAULT,
    frames: tuple[int, int] | None = None,
) -> dict[str, Score]:
    """Scores of predicted clips, by name of the metric.

    The same numbers as `bench score` gives to clips of the benchmark's size.

    Args:
        pred_bcthw: Predictions, (b, 3, t, h, w): uint8, or float in [0, 1]. Tensors of any device, or arrays.
        true_bcthw: Real clips of the same shape.
        metrics: Names (`bench list metrics`). FVD and KVD ("fvd", "kvd") compare the clips as sets.
        frames: First scored frame and one past the last, for metrics with a value a frame; by default 1 to
            the last: frame 0 stands in the input's own place.

    Raises:
        RecipeError: A metric is not known; the nearest name is given.
        MetricError: Another shape, range or type, or what is no number.

    >>> true = torch.zeros(1, 3, 4, 16, 16)
    >>> print(score(true + 0.1, true, ["psnr"])["psnr"])
    20 dB (psnr/rgb-frame/1)
    """
    chosen = [metric(name) for name in metrics]
    predicted, real = _tensor(pred_bcthw, "predictions"), _tensor(true_bcthw, "real clips")
    if predicted.shape != real.shape:
        raise MetricError(
            f"predictions are {tuple(predicted.shape)}, real clips {tuple(real.shape)}: one shape is wanted"
        )
    device = predicted.device
    networks, absent = load_networks(chosen, device)
    count = int(predicted.shape[2]) if predicted.ndim == 5 else 2
    scored = frames or (1, count)
    if not 0 <= scored[0] < scored[1] <= count:
        raise MetricError(f"frames {scored} are not a range of the {count} that there are")
    meters = {one.name: Meter(one, networks, scored) for one in chosen if one.name not in absent}
    for start in range(0, len(predicted), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        pair = paired(_unit(predicted[part]), _unit(real[part].to(device)))
        for meter in meters.values():
            meter.add(*pair)
    return {
        one.name: Score(
            _number(meters[one.name]) if one.name in meters else None,
            one.spec_id,
            one.goal,
            one.unit,
            absent.get(one.name, ""),
        )
        for one in chosen
    }


def _number(meter: Meter) -> float | None:
    value = meter.compute()
    return None if np.isnan(value) and not isinstance(meter.metric, SetMetric) else value


def _tensor(clip_bcthw: Tensor | np.ndarray[Any, Any], whose: str) -> Tensor:
    clips = torch.as_tensor(clip_bcthw)
    if not clips.numel():
        raise MetricError(f"{whose} are empty")
    return clips


def _unit(clip_bcthw: Tensor) -> Tensor:
    return clip_bcthw.float() / 255 if clip_bcthw.dtype == torch.uint8 else clip_bcthw
