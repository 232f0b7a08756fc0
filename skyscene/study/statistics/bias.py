"""Whether raters lean to one side of the screen."""

from __future__ import annotations

from scipy.stats import binomtest


def left_bias(lefts: int, n: int) -> tuple[float, float]:
    """The share of answers that chose the left side, 0..100, and the exact two-sided p of 50.

    Both hold only for answers that chose a side; sides must be balanced for the share to speak of the raters.

    Args:
        lefts: Answers for the left side.
        n: Answers for either side, at least one.

    Raises:
        ValueError: There is none, or more lefts than answers.

    >>> share, p = left_bias(9, 10)
    >>> share, round(p, 4)
    (90.0, 0.0215)
    """
    if not 0 <= lefts <= n or n < 1:
        raise ValueError(f"{lefts} left of {n} answers is no share")
    return 100 * lefts / n, float(binomtest(lefts, n).pvalue)
