"""A batch of clips as metrics see it: checked once, and what several metrics need of it made once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt
from torch import Tensor

from skyscene.errors import MetricError
from skyscene.flow import clip_flows, flow
from skyscene.metrics.bt601 import luma

Made = TypeVar("Made")
_SLACK = 1e-6


class Clips:
    """Clips of one shape.

    Args:
        clip_bcthw: Float pictures in [0, 1], (b, 3, t, h, w).
        whose: What a message calls them.

    Attributes:
        bcthw: The clips, float32, on the device where they came.

    Raises:
        MetricError: Another shape or type, a value outside of [0, 1], or one that is no number.
    """

    def __init__(self, clip_bcthw: Tensor, whose: str = "clips") -> None:
        if clip_bcthw.ndim != 5 or clip_bcthw.shape[1] != 3 or not clip_bcthw.numel():
            raise MetricError(
                f"{whose} have to be (batch, 3, frames, height, width), not {tuple(clip_bcthw.shape)}"
            )
        if not clip_bcthw.is_floating_point():
            raise MetricError(f"{whose} are {clip_bcthw.dtype}: give float in [0, 1], x.float() / 255")
        low, high = (float(end) for end in clip_bcthw.aminmax())
        if not (np.isfinite(low) and np.isfinite(high)):
            raise MetricError(f"{whose} hold what is no number")
        if low < -_SLACK or high > 1 + _SLACK:
            raise MetricError(
                f"{whose} reach from {low:.4g} to {high:.4g}, [0, 1] is wanted: "
                "of [-1, 1] take (x + 1) / 2, then clamp(0, 1)"
            )
        if clip_bcthw.device.type == "mps":
            clip_bcthw = clip_bcthw.cpu()  # there is no float64 there
        self.bcthw = clip_bcthw.detach().float().clamp(0, 1)
        self._made: dict[Hashable, Any] = {}

    def __len__(self) -> int:
        return len(self.bcthw)

    def once(self, name: Hashable, make: Callable[[], Made]) -> Made:
        """What was made under this name, or is made now and kept."""
        if name not in self._made:
            self._made[name] = make()
        return cast(Made, self._made[name])

    def luma(self) -> npt.NDArray[np.uint8]:
        """BT.601 luma of the float frames, rounded to bytes; (b, t, h, w)."""
        return self.once("luma", lambda: luma(self.bcthw))

    def flows(self, estimator: str) -> list[npt.NDArray[np.float32]]:
        """Flow between the frames of each clip, (t - 1, h, w, 2) in pixels."""
        return self.once(
            ("flows", estimator), lambda: [clip_flows(clip, flow(estimator)) for clip in self.luma()]
        )


def paired(predicted_bcthw: Tensor, real_bcthw: Tensor) -> tuple[Clips, Clips]:
    """Predicted and real clips, checked.

    Raises:
        MetricError: As `Clips`, or they are not of one shape.
    """
    predicted, real = Clips(predicted_bcthw, "predictions"), Clips(real_bcthw, "real clips")
    if predicted.bcthw.shape != real.bcthw.shape:
        raise MetricError(
            f"predictions are {tuple(predicted.bcthw.shape)}, real clips {tuple(real.bcthw.shape)}: "
            "they have to be of one shape"
        )
    return predicted, real
