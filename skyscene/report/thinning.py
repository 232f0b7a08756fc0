"""Which of too many numbers are drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

_POINTS = 400


def downsample(
    values: npt.NDArray[Any], most: int = _POINTS
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Rows and values of at most ``most`` points that keep every extreme.

    Of each stretch the least and the largest value stay, in their order; a stretch without a finite value
    gives one hole.

    >>> rows, points = downsample(np.array([0.0, 5.0, 1.0, 1.0, -3.0, 1.0]), most=4)
    >>> rows.tolist(), points.tolist()
    ([0, 1, 3, 4], [0.0, 5.0, 1.0, -3.0])
    """
    numbers = np.asarray(values, dtype=np.float64)
    if len(numbers) <= most:
        return np.arange(len(numbers)), numbers
    rows: list[int] = []
    edges = np.linspace(0, len(numbers), most // 2 + 1).astype(np.int64)
    for first, stop in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        part = numbers[first:stop]
        if not np.isfinite(part).any():
            rows.append(first)
            continue
        rows += sorted({first + int(np.nanargmin(part)), first + int(np.nanargmax(part))})
    return np.array(rows), numbers[rows]
