"""Votes made for tests."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from skyscene.study.statistics.share import Votes


def made(seed: int, raters: int = 6, clips: int = 9, votes: int = 40, chance: float = 0.6) -> Votes:
    """Votes by chance, some of them ties, not as many by each rater or on each clip, none twice."""
    rng = np.random.default_rng(seed)
    cells = rng.choice(raters * clips, size=votes, replace=False)
    wins = rng.choice([1.0, 0.5, 0.0], size=votes, p=[chance - 0.05, 0.1, 0.95 - chance])
    return Votes(wins, cells // clips, cells % clips)


@st.composite
def any_votes(draw: st.DrawFn) -> Votes:
    """From one vote to thirty, by up to five raters on up to five clips, in any order and with repeats."""
    number = draw(st.integers(1, 30))
    wins = draw(st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=number, max_size=number))
    codes = st.lists(st.integers(0, 4), min_size=number, max_size=number)
    return Votes(np.array(wins), np.array(draw(codes)), np.array(draw(codes)))
