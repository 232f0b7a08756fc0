"""A metric while it is fed: batch by batch, then the number."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from skyscene.errors import MetricError
from skyscene.metrics.clips import Clips, paired
from skyscene.metrics.frame_metric import FrameMetric, Networks
from skyscene.metrics.set_metric import SetMetric

Metric = FrameMetric | SetMetric


class Meter:
    """Adds up what a metric measures; batch size and order do not change the number.

    Args:
        metric: The metric.
        networks: The networks that it needs.
        frames: First scored frame, and one past the last; a metric of a set takes all of them.

    >>> from skyscene.metrics import metric
    >>> meter = Meter(metric("mse01"))
    >>> real = torch.zeros(2, 3, 32, 16, 16)
    >>> meter.update(real + 0.1, real)
    >>> round(meter.compute(), 6)
    0.01
    """

    def __init__(
        self, metric: Metric, networks: Networks | None = None, frames: tuple[int, int] = (1, 32)
    ) -> None:
        self.metric, self.frames = metric, frames
        self._networks = networks or {}
        self._value = self._weight = 0.0
        self._features: list[tuple[Tensor, Tensor]] = []

    def update(self, predicted_bcthw: Tensor, real_bcthw: Tensor) -> None:
        """Adds clips in [0, 1], (b, 3, t, h, w).

        Raises:
            MetricError: They cannot be scored.
        """
        self.add(*paired(predicted_bcthw, real_bcthw))

    def add(self, predicted: Clips, real: Clips) -> None:
        """Adds clips that other meters may be fed as well: what both need is made once."""
        if isinstance(self.metric, SetMetric):
            name = ("features", self.metric.extractor)
            pair = [
                clips.once(name, lambda c=clips: self.metric.features(c, self._networks))  # type: ignore[misc]
                for clips in (predicted, real)
            ]
            self._features.append((pair[0].cpu(), pair[1].cpu()))
            return
        found = self.metric(predicted, real, self._networks)
        kept = slice(max(0, self.frames[0] - found.first), self.frames[1] - found.first)
        self._value += float(found.value_bt[:, kept].sum())
        self._weight += float(found.weight_bt[:, kept].sum())

    def compute(self) -> float:
        """The number; none (NaN) where no frame had anything to say.

        Raises:
            MetricError: There were too few clips.
        """
        if isinstance(self.metric, SetMetric):
            if sum(len(one) for one, _ in self._features) < 2:
                raise MetricError(f"{self.metric.name} compares sets: at least two clips are needed")
            predicted, real = (torch.cat(side) for side in zip(*self._features, strict=True))
            return self.metric.distance(predicted, real)
        if not self._weight:
            return float("nan")
        return float(self.metric.finish(np.array(self._value / self._weight)))
