"""`bench study` as it is typed: exit codes, and what is said."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from skyscene.records import Pair
from skyscene.study.folder import StudyFolder
from skyscene.study.votes import add_votes

from .planned import answered, choosing, planned_study


def bench(*command: str | Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "bench"
    return subprocess.run([program, "study", *map(str, command)], capture_output=True, text=True)


@pytest.fixture
def study(tmp_path: Path) -> StudyFolder:
    rules_off = {"gold_below": 0, "left_over": 1, "fast_over": 1, "invalid_over": 1}
    return planned_study(tmp_path / "s", ["one", "two"], 8, votes=2, raters=2, exclude=rules_off)


def for_one(slot: int, pair: Pair) -> str:
    return pair.gold_side or choosing(pair, "one")


def test_a_result_of_a_protocol_without_rules_is_0_and_a_breach_is_1(study: StudyFolder) -> None:
    votes = answered(study, for_one)  # type: ignore[arg-type]
    add_votes(study.votes, votes)
    done = bench("score", study.root)
    assert done.returncode == 0, done.stderr
    assert "one over two" in done.stdout and (study.root / "report.html").is_file()
    add_votes(study.votes, [replace(votes[0], pair_id="unknown", rater="r_x")])
    broken = bench("score", study.root)
    assert broken.returncode == 1 and "BREACH of the protocol" in broken.stdout
    assert bench("score", study.root, "--json").returncode == 1


@pytest.mark.parametrize(
    ("command", "code", "message"),
    [
        (["score", "."], 1, "is no study: `bench study export` makes one"),
        (["export"], 2, "Missing argument"),
        (["export", "."], 1, "no run. A folder of clips becomes one by"),
        (["export", "--protocol", "mdgn", "."], 1, "did you mean mdgan?"),
        (["serve", "{study}"], 1, "no clip or frame in"),
        (["serve", "{study}", "--host", "0.0.0.0"], 1, "--public"),
        (["import", "{study}", "{study}/study.toml"], 1, "study.toml"),
        (["forget-rater", "{study}", "nobody"], 1, "no such rater"),
        (["simulate", "--to", "x.csv"], 2, "goes with the DIR"),
        (["scor"], 2, "did you mean score?"),
    ],
)
def test_a_mistake_is_a_line(study: StudyFolder, command: list[str], code: int, message: str) -> None:
    done = bench(*[part.replace("{study}", str(study.root)) for part in command])
    assert done.returncode == code and message in done.stderr, done.stderr
    assert "Traceback" not in done.stderr and "internal:" not in done.stderr
    if code == 1:
        assert len(done.stderr.strip().splitlines()) == 1
