"""The script that loads a server with raters, in small; and what judges it judges right."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.speed import study_load
from skyscene.records import Vote
from skyscene.study.folder import StudyFolder
from skyscene.study.votes import add_votes


def test_every_acknowledged_vote_is_there_once_though_the_server_is_killed_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--raters", "6", "--votes", "10", "--kills", "2", "--json", "--work", str(tmp_path)]
    assert study_load.main(given) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["figures"]["votes acknowledged"] == 60 and set(told["faults"].values()) == {0}


def test_a_lost_vote_and_a_changed_one_are_found(tmp_path: Path) -> None:
    folder = StudyFolder(tmp_path)
    tally = study_load.Tally({(0, 0): "left", (0, 1): "right", (1, 0): "left", (1, 1): "left"}, wrong=1)
    rows = [("r_a", 0, "left"), ("r_a", 1, "right"), ("r_b", 0, "left")]
    votes = [Vote("load", "0", f"p{k}", rater, choice, position=k) for rater, k, choice in rows]  # type: ignore[arg-type]
    add_votes(folder.votes, votes)
    faults = study_load.judged(folder, tally, 2, 2)
    assert list(faults.values()) == [1, 0, 1, 1]
