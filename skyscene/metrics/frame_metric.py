"""Metrics with a value a frame: measured batch by batch, added up, then turned into one number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from skyscene.errors import MetricError
from skyscene.metrics.clips import Clips
from skyscene.metrics.measured import Goal, Measured

Ratios = npt.NDArray[np.float64]
Networks = Mapping[str, nn.Module]
"""Networks that metrics need, by the name of their weights."""


def full_precision() -> AbstractContextManager[None]:
    """Convolutions on a GPU in all 32 bits, not in TF32: one spec id, one number."""
    return torch.backends.cudnn.flags(enabled=True, allow_tf32=False)


def as_it_is(ratio: Ratios) -> Ratios:
    """A mean that is the number itself."""
    return ratio


@dataclass(frozen=True, slots=True)
class FrameMetric:
    """A metric with a value a frame.

    Attributes:
        name: As a benchmark's recipe calls it.
        spec_id: What exactly it computes; changes whenever a number could.
        goal: Which way is good.
        about: A line for people.
        measure: Predicted clips, real clips and networks to `Measured`.
        finish: Sums of values over sums of weights to the numbers that are shown.
        unit: For people; empty for none.
        needs: Names of the weights of its networks.
    """

    name: str
    spec_id: str
    goal: Goal
    about: str
    measure: Callable[[Clips, Clips, Networks], Measured]
    finish: Callable[[Ratios], Ratios] = as_it_is
    unit: str = ""
    needs: tuple[str, ...] = ()

    def __call__(self, predicted: Clips, real: Clips, networks: Networks) -> Measured:
        """What it measures.

        Raises:
            MetricError: The clips are too small for it, or it gives no number a clip and frame.
        """
        try:
            found = self.measure(predicted, real, networks)
        except MetricError:
            raise
        except ValueError as error:
            raise MetricError(f"{self.name}: {error}") from None
        value, weight = found.value_bt, found.weight_bt
        if value.ndim != 2 or len(value) != len(predicted) or value.shape != weight.shape:
            shapes = f"{tuple(value.shape)} and {tuple(weight.shape)}"
            raise MetricError(f"{self.name}: values and weights have to be (batch, frames), not {shapes}")
        if not (value.isfinite().all() and weight.isfinite().all() and (weight >= 0).all()):
            raise MetricError(f"{self.name} gives what is no number, or a weight below 0")
        return found


def plain(values: Callable[[Tensor, Tensor], Tensor]) -> Callable[[Clips, Clips, Networks], Measured]:
    """A function of two clips' pictures, which gives a value a frame, as `FrameMetric.measure`."""

    def measure(predicted: Clips, real: Clips, networks: Networks) -> Measured:
        return Measured.even(values(predicted.bcthw, real.bcthw))

    return measure
