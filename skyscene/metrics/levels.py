"""Pictures in the 256 levels that files hold."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from torch import Tensor


def levels(values: Tensor) -> npt.NDArray[np.uint8]:
    """Values in [0, 1] as the nearest of 256 levels, halves to the even one; any shape, on the CPU.

    What lies outside [0, 1] is clipped to it.

    Raises:
        ValueError: A value is no number.

    >>> import torch
    >>> levels(torch.tensor([-1.0, 0.25, 0.5, 1.0])).tolist()
    [0, 64, 128, 255]
    """
    whole = (values.double() * 255).round().clamp(0, 255).cpu().numpy()
    if np.isnan(whole).any():
        raise ValueError("a value of a clip is no number")
    return whole.astype(np.uint8)
