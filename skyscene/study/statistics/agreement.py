"""Whether raters see the same: Krippendorff's alpha."""

from __future__ import annotations

from dataclasses import dataclass

import krippendorff
import numpy as np

from skyscene.study.statistics.share import Floats, Votes


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far raters agree.

    Attributes:
        value: 1 for full agreement, 0 for no more than by chance, below 0 for less; None where `why` says so.
        why: Empty where there is a value.
    """

    value: float | None
    why: str = ""


def alpha(ratings: Floats) -> Agreement:
    """Krippendorff's alpha for nominal answers. Near 0 it is no fault where POS is near 50.

    Args:
        ratings: (raters, items), the preferred **model** as a number (1, 0, 0.5 for a tie), never the side;
            NaN where a rater has not seen an item.

    Raises:
        ValueError: They are not of two dimensions.

    >>> alpha(np.array([[1, 0, 1, 0], [1, 0, 0, np.nan]]))
    Agreement(value=0.4444444444444444, why='')
    >>> alpha(np.ones((2, 4)))
    Agreement(value=None, why='undefined, everyone agreed')
    """
    if ratings.ndim != 2:
        raise ValueError(f"ratings are (raters, items), not {ratings.shape}")
    # An item with one rating says nothing of agreement, nor does it in Krippendorff's sums.
    compared = ratings[:, (~np.isnan(ratings)).sum(axis=0) >= 2]
    values = np.unique(compared[~np.isnan(compared)])
    if values.size == 0:
        return Agreement(None, "undefined, nothing was judged by two raters")
    if values.size == 1:
        return Agreement(None, "undefined, everyone agreed")
    return Agreement(float(krippendorff.alpha(compared, level_of_measurement="nominal")))


def rating_table(votes: Votes) -> Floats:
    """Votes as a table (raters, clips) for `alpha`, NaN where there is none; both in rising order.

    Raises:
        ValueError: A rater has voted twice on a clip.

    >>> rating_table(Votes(np.array([1.0, 0.0]), np.array([7, 8]), np.array([3, 3]))).tolist()
    [[1.0], [0.0]]
    """
    names, row = np.unique(votes.raters, return_inverse=True)
    clips, column = np.unique(votes.clips, return_inverse=True)
    if len(np.unique(row * len(clips) + column)) < len(row):
        raise ValueError("a rater has voted twice on a clip: count one vote a rater and clip")
    table = np.full((len(names), len(clips)), np.nan)
    table[row, column] = votes.wins
    return table
