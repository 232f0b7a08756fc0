"""Simulated raters on the path of real votes: the interval whose coverage is counted is what is printed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from skyscene.records import Vote
from skyscene.study.clips import Shown
from skyscene.study.comparison import Comparison
from skyscene.study.frozen import read_study
from skyscene.study.key import Key, read_key
from skyscene.study.scoring import score_study
from skyscene.study.statistics.clustered import headline
from skyscene.study.statistics.simulate import DESIGNS, draw_votes
from skyscene.study.tasks import write_blocks
from skyscene.study.votes import add_votes

from .planned import SECRET, planned_study


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.name)
def test_votes_of_a_simulated_study_have_its_interval_when_they_come_as_votes(
    tmp_path: Path, design: object
) -> None:
    small = replace(  # type: ignore[type-var]
        design,
        clips=14,
        raters=min(design.raters, 7),  # type: ignore[attr-defined]
        votes_per_clip=min(design.votes_per_clip, 7),  # type: ignore[attr-defined]
        laziness=0.1,
        left_bias=0.3,
    )
    drawn = draw_votes(small, np.random.default_rng(3))  # type: ignore[arg-type]
    folder = planned_study(tmp_path, ["one", "two"], 14, votes=1, raters=2, practice=0, gold_every=0)
    study = read_study(folder)
    shown = [Shown(f"clip{k}", k, f"source{k}", None) for k in range(14)]
    orders = [
        [Comparison(f"c{k}", "video", "one", "two", clip, clip).shown(swapped, SECRET) for swapped in (0, 1)]  # type: ignore[arg-type]
        for k, clip in enumerate(shown)
    ]
    Key(SECRET, study.sha, [pair for both in orders for pair in both]).write(folder.key)
    write_blocks(folder, study, [])
    add_votes(
        folder.votes,
        [
            Vote(
                study.study,
                study.sha,
                orders[clip][0 if first_left else 1].pair_id,
                f"r_{rater}",
                "left" if chose_left else "right",
            )
            for rater, clip, first_left, chose_left in zip(
                drawn.raters, drawn.clips, drawn.first_left, drawn.chose_left, strict=True
            )
        ],
    )
    (row,) = score_study(folder).all_rows
    assert len(read_key(folder.key).pairs) == 28 and row.votes == len(drawn.wins)
    wanted = headline(drawn.votes)
    assert row.pos == pytest.approx(100 * drawn.wins.mean()) and row.interval is not None
    assert (row.interval.name, row.interval.low, row.interval.high) == (
        wanted.name,
        pytest.approx(wanted.low),
        pytest.approx(wanted.high),
    )
