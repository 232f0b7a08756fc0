"""What a metric adds up: a value and a weight for each frame of each clip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

Goal = Literal["higher", "lower", "one"]
"""Which way is good; a ratio is best at one."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Values of some frames of a batch of clips; a mean is the sum of values over that of weights.

    Attributes:
        value_bt: float64, (b, t); to be divided by the weights.
        weight_bt: float64, (b, t); 0 where a frame has nothing to say.
        first: The frame that column 0 is of: 1 where a value is of a frame and the one before it.
    """

    value_bt: Tensor
    weight_bt: Tensor
    first: int = 0

    @classmethod
    def even(cls, value_bt: Tensor, first: int = 0) -> Measured:
        """Values that weigh alike."""
        return cls(value_bt.double(), torch.ones_like(value_bt, dtype=torch.float64), first)
