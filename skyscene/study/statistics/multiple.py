"""Several comparisons in one study: each test alone is too easily passed."""

from __future__ import annotations

from collections.abc import Sequence

from statsmodels.stats.multitest import multipletests


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """The p-values after Holm's step-down correction of 1979, in the same order.

    Args:
        p_values: Each in 0..1; None where a test is undefined: it stays None and is not counted.

    Raises:
        ValueError: One is no probability.

    >>> holm([0.01, None, 0.04])
    [0.02, None, 0.04]
    """
    known = [p for p in p_values if p is not None]
    if not all(0 <= p <= 1 for p in known):
        raise ValueError(f"p-values lie in 0..1, not {known}")
    if not known:
        return list(p_values)
    corrected = iter(multipletests(known, method="holm")[1])
    return [None if p is None else float(next(corrected)) for p in p_values]
