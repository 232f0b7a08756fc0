"""Metrics with a value a frame, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from torch import Tensor

from skyscene.errors import RecipeError
from skyscene.metrics.mse import mse01
from skyscene.metrics.psnr import psnr
from skyscene.metrics.ssim import ssim
from skyscene.recipes import nearest


@dataclass(frozen=True, slots=True)
class FrameMetric:
    """A metric with a value a frame.

    Attributes:
        name: As a benchmark's recipe calls it.
        spec_id: What exactly it computes; changes whenever a number could.
        higher_is_better: Which way is good.
        unit: For people; empty for none.
        values: Predicted and real clips in [0, 1], (b, 3, t, h, w), to (b, t) of float64.
    """

    name: str
    spec_id: str
    higher_is_better: bool
    unit: str
    values: Callable[[Tensor, Tensor], Tensor]

    def __call__(self, predicted_bcthw: Tensor, real_bcthw: Tensor) -> Tensor:
        """The values, (b, t).

        Raises:
            ValueError: The clips are not of one shape.
        """
        if predicted_bcthw.shape != real_bcthw.shape:
            raise ValueError(f"{tuple(predicted_bcthw.shape)} beside {tuple(real_bcthw.shape)}")
        return self.values(predicted_bcthw, real_bcthw)


METRICS: Mapping[str, FrameMetric] = {
    found.name: found
    for found in (
        FrameMetric("mse01", "mse01/1", False, "", mse01),
        FrameMetric("psnr", "psnr/rgb-frame/1", True, "dB", psnr),
        FrameMetric("ssim", "ssim/gauss11-rgb-valid/1", True, "", ssim),
    )
}


def metric(name: str) -> FrameMetric:
    """The metric of a name.

    Raises:
        RecipeError: There is none; the nearest name is given.
    """
    if name not in METRICS:
        raise RecipeError(f"no metric '{name}': {nearest(name, METRICS)}")
    return METRICS[name]
