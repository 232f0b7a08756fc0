"""What a score says of votes whose truth is known."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from skyscene.records import Choice, Pair, Vote
from skyscene.study.folder import StudyFolder
from skyscene.study.key import read_key
from skyscene.study.scoring import StudyScore, score_study, write_score
from skyscene.study.votes import add_votes, read_votes

from .planned import Answer, answered, choosing, planned_study

PUBLISHED = {
    ("refine", "vgan"): (92, 85.0, 95.9),
    ("refine", "rnngan"): (97, 91.5, 99.0),
    ("vgan", "real"): (5, 2.2, 11.2),
    ("rnngan", "real"): (1, 0.2, 5.4),
    ("refine", "real"): (16, 10.1, 24.4),
    ("refine", "base"): (70, 60.4, 78.1),
    ("base", "real"): (8, 4.1, 15.0),
}
"""MD-GAN's tables 2 and 4: wins of 100, and Wilson's interval of each (models.md, studies.md 3.4)."""


def counted_to(wins: dict[tuple[str, str], int]) -> Answer:
    """Answers that give the first contestant of each pair exactly so many votes."""
    given: Counter[tuple[str, str]] = Counter()

    def answer(slot: int, pair: Pair) -> Choice:
        both = (pair.left, pair.right) if (pair.left, pair.right) in wins else (pair.right, pair.left)
        given[both] += 1
        return choosing(pair, both[0] if given[both] <= wins[both] else both[1])

    return answer


def test_the_published_counts_of_mdgan_give_its_scores_and_their_intervals(tmp_path: Path) -> None:
    quiet = {"gold_every": 0, "gold_least": 0, "repeat_every": 0, "practice": 0}
    names = ["refine", "base", "vgan", "rnngan", "real"]
    compare = tuple("/".join(both) for both in PUBLISHED)
    folder = planned_study(tmp_path, names, 100, votes=1, raters=5, compare=compare, **quiet)
    votes = answered(folder, counted_to({both: row[0] for both, row in PUBLISHED.items()}))
    add_votes(folder.votes, votes)
    score = score_study(folder)
    assert score.votes == score.planned == 700 and not score.breaches
    found = {(row.first, row.second): row for row in score.all_rows if row.scene is None}
    for both, (wins, low, high) in PUBLISHED.items():
        row = found[both]
        assert row.pos == wins and row.votes == 100
        assert row.independent is not None and row.independent.name == "Wilson"
        assert round(row.independent.low, 1) == pytest.approx(low, abs=0.051)
        assert round(row.independent.high, 1) == pytest.approx(high, abs=0.051)
    assert {rung.model for rung in score.scales[0].ladder.rungs if rung.strength is not None} == set(names)


def small(tmp_path: Path, **given: object) -> StudyFolder:
    return planned_study(tmp_path / "study", ["one", "two", "real"], 20, **{"votes": 3, "raters": 6, **given})


def prefers_one(slot: int, pair: Pair) -> Choice:
    """Real over anything, "one" over "two" but on every fourth clip; gold is right."""
    if pair.gold_side:
        return pair.gold_side
    if "real" in (pair.left, pair.right):
        return choosing(pair, "real")
    return choosing(pair, "two" if int(pair.left_clip[4:]) % 4 == 0 else "one")


def scored(tmp_path: Path, answer: Answer = prefers_one, **given: object) -> StudyScore:
    folder = small(tmp_path, **given)
    return score_study(folder, answered(folder, answer))


def test_a_row_says_who_how_often_and_how_sure(tmp_path: Path) -> None:
    score = scored(tmp_path)
    row = score.rows[0]
    assert (row.first, row.second, row.votes, row.raters, row.clips) == ("one", "two", 60, 6, 20)
    assert row.pos == 75 and row.interval is not None and row.interval.name == "two-way cluster-robust"
    assert row.alpha == 1.0 and row.left is not None and 35 < row.left < 65
    against_real = score.rows[3]
    assert against_real.pos == 0 and against_real.interval is not None
    assert against_real.interval.name == "Clopper-Pearson" and against_real.why
    assert score.quality.gold == 100 and score.quality.repeats == 100


def test_a_pair_that_all_agree_on_is_one_of_the_comparisons(tmp_path: Path) -> None:
    first, *others = [row for row in scored(tmp_path).rows if row.scene is None]
    assert [row.p for row in others] == [None, None] == [row.p_holm for row in others]
    assert first.p is not None and first.p_holm == pytest.approx(min(1, 3 * first.p))


def test_swapping_every_side_changes_nothing_but_the_share_of_left(tmp_path: Path) -> None:
    def lefty(slot: int, pair: Pair) -> Choice:
        return "left" if slot % 2 else prefers_one(slot, pair)

    folder = small(tmp_path)
    votes = answered(folder, lefty)
    one = score_study(folder, votes)
    key = read_key(folder.key)
    other_hand: dict[Any, Any] = {"left": "right", "right": "left", None: None}
    swapped = [
        replace(
            pair,
            left=pair.right,
            right=pair.left,
            left_clip=pair.right_clip,
            right_clip=pair.left_clip,
            gold_side=other_hand[pair.gold_side],
        )
        for pair in key.pairs
    ]
    replace(key, pairs=swapped).write(folder.key)
    other = score_study(folder, [replace(vote, choice=other_hand[vote.choice]) for vote in votes])

    def numbers(score: StudyScore) -> list[tuple[object, float]]:
        return [(replace(row, left=None), round(row.left or 0, 6)) for row in score.all_rows]

    assert [first for first, _ in numbers(one)] == [first for first, _ in numbers(other)]
    assert [100 - left for _, left in numbers(one)] == pytest.approx([left for _, left in numbers(other)])
    assert one.quality.left is not None and one.quality.left > 60


def test_who_always_clicks_left_is_left_out_by_the_rules_and_named(tmp_path: Path) -> None:
    def answer(slot: int, pair: Pair) -> Choice:
        return "left" if slot == 2 else prefers_one(slot, pair)

    folder = small(tmp_path)
    add_votes(folder.votes, answered(folder, answer))
    score = score_study(folder)
    assert [each.rater for each in score.excluded] == ["r_02"]
    assert score.rows[0].votes == 50 and score.all_rows[0].votes == 60
    assert score.rows[0].pos == 72 != score.all_rows[0].pos
    write_score(folder, score)
    rows = list(csv.reader(folder.exclusions.read_text("utf-8").splitlines()))
    assert rows[0] == ["rater", "votes", "reason"] and rows[1][0] == "r_02" and "left" in rows[1][2]
    table = json.loads(folder.score.read_text(encoding="utf-8"))
    lines = [json.loads(line) for line in folder.lines.read_text("utf-8").splitlines()]
    assert [line["pair_id"] for line in lines] == [vote.pair_id for vote in read_votes(folder.votes)]
    assert table["excluded_raters"] == 1 and table["rows"][0]["pos"] == 72


def test_gold_haste_and_repeats_leave_raters_out(tmp_path: Path) -> None:
    def answer(slot: int, pair: Pair) -> Choice:
        right = prefers_one(slot, pair)
        wrong: Choice = "left" if right == "right" else "right"
        if slot == 1 and pair.kind == "gold":
            return wrong
        if slot == 3 and pair.kind == "repeat":
            return wrong
        return right

    folder = small(tmp_path, repeat_every=5, exclude={"repeat_below": 0.6})
    votes = [replace(vote, rt_ms=900) if vote.block == 4 else vote for vote in answered(folder, answer)]
    reasons = {each.rater: each.reasons for each in score_study(folder, votes).excluded}
    assert set(reasons) == {"r_01", "r_03", "r_04"}
    assert (
        "gold" in reasons["r_01"][0] and "repeats" in reasons["r_03"][0] and "too soon" in reasons["r_04"][0]
    )


def test_ties_are_halves_and_invalid_trials_are_told_apart(tmp_path: Path) -> None:
    def answer(slot: int, pair: Pair) -> Choice:
        if pair.kind == "test" and slot == 0:
            return "tie"
        return "invalid" if pair.kind == "test" and slot == 1 else prefers_one(slot, pair)

    score = scored(tmp_path, answer, answers=("left", "right", "tie", "invalid"))
    row = score.all_rows[0]
    assert (row.votes, row.ties, row.invalid) == (50, 10, 10) and row.raters == 5


def test_a_clip_that_did_not_load_judges_no_rater(tmp_path: Path) -> None:
    def answer(slot: int, pair: Pair) -> Choice:
        return "invalid" if slot == 2 and pair.kind != "test" else prefers_one(slot, pair)

    score = scored(tmp_path, answer)
    assert not score.excluded and not score.breaches
    assert (score.raters[2].gold, score.raters[2].repeats) == (0, 0) and score.quality.gold == 100


def test_what_breaks_the_protocol_is_named(tmp_path: Path) -> None:
    folder = small(tmp_path)
    votes = answered(folder, prefers_one)
    other = votes[40]
    broken = [
        *votes,
        replace(other, pair_id="feed", rater="r_x"),
        replace(other, study_sha="0" * 64, rater="r_y"),
        replace(other, choice="tie", rater="r_z"),
    ]
    found = score_study(folder, broken).breaches
    assert len(found) == 3
    assert "feed is not in the key" in found[0] and "another study" in found[1] and "'tie'" in found[2]
    assert score_study(folder, broken).votes == score_study(folder, votes).votes


def test_both_orders_of_one_comparison_from_one_rater_break_the_protocol(tmp_path: Path) -> None:
    folder = small(tmp_path)
    votes = answered(folder, prefers_one)
    pairs = {pair.pair_id: pair for pair in read_key(folder.key).pairs}
    other_order = {
        pair.comparison: pair.pair_id
        for pair in pairs.values()
        if pair.kind == "test" and pair.left > pair.right
    }
    once = next(
        vote
        for vote in votes
        if pairs[vote.pair_id].kind == "test"
        and other_order.get(pairs[vote.pair_id].comparison, vote.pair_id) != vote.pair_id
    )
    twice = replace(once, pair_id=other_order[pairs[once.pair_id].comparison])
    (told,) = score_study(folder, [*votes, twice]).breaches
    assert f"rater {once.rater} voted once more on comparison" in told


def test_without_votes_every_row_is_there_and_empty(tmp_path: Path) -> None:
    score = score_study(small(tmp_path), [])
    assert [row.pos for row in score.rows] == [None] * 9 and score.quality.left is None
    assert all(rung.strength is None or rung.strength == 0 for rung in score.scales[0].ladder.rungs)


def test_scenes_have_rows_of_their_own(tmp_path: Path) -> None:
    score = scored(tmp_path)
    assert [row.scene for row in score.rows[:3]] == [None, "scene0", "scene1"]
    assert [row.votes for row in score.rows[:3]] == [60, 30, 30]
    assert [row.pos for row in score.rows[:3]] == [75, 50, 100]


def test_votes_are_kept_as_they_came_and_a_second_one_is_refused(tmp_path: Path) -> None:
    folder = small(tmp_path)
    votes = answered(folder, prefers_one)
    assert add_votes(folder.votes, votes) == len(votes)
    assert read_votes(folder.votes) == votes
    with pytest.raises(Exception, match="has answered pair"):
        add_votes(folder.votes, [Vote("s1", "x", "new", "r_new", "left"), votes[3]])
    assert read_votes(folder.votes) == votes
