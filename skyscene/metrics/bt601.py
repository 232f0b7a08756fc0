"""Luma by the weights of ITU-R BT.601."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from torch import Tensor

from skyscene.metrics.levels import levels


def luma01(clip_bcthw: Tensor) -> Tensor:
    """Luma of RGB clips, 0.299 R + 0.587 G + 0.114 B, not rounded; (b, t, h, w) of float64, in [0, 1].

    >>> import torch
    >>> green = torch.tensor([0.0, 1.0, 0.0]).view(1, 3, 1, 1, 1)
    >>> luma01(green).tolist()
    [[[[0.587]]]]
    """
    red, green, blue = clip_bcthw.double().unbind(dim=1)
    return 0.299 * red + 0.587 * green + 0.114 * blue


def luma(clip_bcthw: Tensor) -> npt.NDArray[np.uint8]:
    """Luma of RGB clips in [0, 1] as whole levels of 255, what flow is estimated on; (b, t, h, w) of uint8.

    `luma01` times 255, rounded, halves to the even level.

    Raises:
        ValueError: A value is no number.

    >>> import torch
    >>> luma(torch.tensor([0.0, 1.0, 0.0]).view(1, 3, 1, 1, 1)).tolist()
    [[[[150]]]]
    """
    return levels(luma01(clip_bcthw))
