from __future__ import annotations

import json
from pathlib import Path

import pytest

from skyscene.records import Vote
from skyscene.study.folder import StudyFolder
from skyscene.study.key import read_key
from skyscene.study.platforms import PLATFORMS, import_votes, unverified
from skyscene.study.platforms.register import platform_of
from skyscene.study.platforms.upload import read_upload
from skyscene.study.tasks import read_blocks
from skyscene.study.votes import read_votes
from tests.study.made import made_study
from tests.study.platforms import filled


def told(votes: list[Vote]) -> list[list[tuple[str, str]]]:
    """What each rater said, whoever they are."""
    raters: dict[str, list[tuple[str, str]]] = {}
    for vote in votes:
        raters.setdefault(vote.rater, []).append((vote.pair_id, vote.choice))
    return sorted(sorted(answers) for answers in raters.values())


def test_every_platform_gives_the_same_votes(study: StudyFolder, tmp_path: Path) -> None:
    practice = {pair.pair_id for pair in read_key(study.key).pairs if pair.kind == "practice"}
    expected = sorted(
        sorted((pair, filled.answered(slot, pair)) for pair in pairs if pair not in practice)
        for slot, pairs in enumerate(read_blocks(study))
    )
    assert {choice for answers in expected for _, choice in answers} == {"left", "right"}
    seen = set()
    for name, path in filled.every_file(study, tmp_path):
        study.votes.unlink(missing_ok=True)
        done = import_votes(study, path)
        votes = read_votes(study.votes)
        assert (done.platform, done.votes, done.raters, done.skipped) == (name, 18, 3, ()), path
        assert told(votes) == expected, path
        assert {vote.platform for vote in votes} == {name}
        seen.add(name)
    assert seen == set(PLATFORMS)


def test_each_file_is_recognised_by_one_platform_only(study: StudyFolder, tmp_path: Path) -> None:
    for name, path in filled.every_file(study, tmp_path):
        assert platform_of(read_upload(path), None).name == name


def test_what_is_known_of_a_vote_is_kept(study: StudyFolder, tmp_path: Path) -> None:
    found = {}
    for name, path in filled.every_file(study, tmp_path):
        study.votes.unlink(missing_ok=True)
        import_votes(study, path)
        found[name] = read_votes(study.votes)[7]
    blocks = read_blocks(study)
    for name in ("jspsych", "labelstudio", "arena", "csv"):
        vote = found[name]
        assert vote.block is not None and vote.position is not None
        assert blocks[vote.block][vote.position] == vote.pair_id, name
    assert found["mturk"].block is None
    assert found["mturk"].session and found["jspsych"].session
    assert found["mturk"].session != found["jspsych"].session
    assert found["mturk"].rt_ms == found["jspsych"].rt_ms == found["csv"].rt_ms == 4310
    assert found["labelstudio"].rt_ms == 4288
    assert found["arena"].rt_ms is None
    assert (found["mturk"].left_plays, found["mturk"].right_plays) == (1, 2)
    assert found["mturk"].watched is found["jspsych"].watched is found["csv"].watched is True
    assert found["mturk"].shown_at == "2026-11-21T10:02:11.123000Z"
    assert found["jspsych"].shown_at == "2026-11-21T10:02:11Z"


def test_no_id_of_a_platform_is_stored(study: StudyFolder, tmp_path: Path) -> None:
    raters: set[str] = set()
    for _, path in filled.every_file(study, tmp_path):
        study.votes.unlink(missing_ok=True)
        import_votes(study, path)
        stored = study.votes.read_bytes()
        for word in (b"AWORKER", b"3A000", b"5e000", b"7000", b"arena_user", b"person"):
            assert word not in stored, (path, word)
        votes = read_votes(study.votes)
        assert all(vote.rater.startswith("r_") and len(vote.rater) == 22 for vote in votes)
        raters |= {vote.rater for vote in votes}
    # jsPsych comes twice; no two platforms give one person the same id.
    assert len(raters) == 3 * len(PLATFORMS)


def test_ties_come_through_wherever_they_can_be_given(tmp_path: Path) -> None:
    study = made_study(tmp_path / "study", clips=1, slots=1, answers=("left", "right", "tie"))

    def tie(slot: int, pair: str) -> str:
        return "tie"

    tasks = filled.labelstudio_tasks(study)
    for task in tasks:
        region = task["annotations"][0]["result"][0]
        region |= {"type": "choices", "from_name": "other", "value": {"choices": ["tie"]}}
    rows = filled.jspsych_rows(study)
    assert rows[1]["stimulus"].count('class="side"') == 2
    for row in rows:
        row["response"] = 1  # Left, No difference, Right
    plain = filled.csv_rows(study, tie)
    battles = filled.arena_battles(study, tie)
    mturk = filled.mturk_rows(study, tie)
    files = {
        "labelstudio.json": json.dumps(tasks).encode(),
        "jspsych.json": json.dumps(rows).encode(),
        "plain.csv": filled.sheet(list(plain[0]), plain),
        "arena.json": json.dumps(battles).encode(),
        "mturk.csv": filled.sheet(list(mturk[0]), mturk),
    }
    for name, data in files.items():
        study.votes.unlink(missing_ok=True)
        (tmp_path / name).write_bytes(data)
        import_votes(study, tmp_path / name)
        assert {vote.choice for vote in read_votes(study.votes)} == {"tie"}, name


def test_every_platform_says_where_its_facts_come_from() -> None:
    known = {"a real export", "the platform's documentation", "our own format"}
    assert all(platform.source for platform in PLATFORMS.values())
    assert unverified() == [name for name, each in PLATFORMS.items() if each.verified not in known]


def test_mturk_without_a_crowd_form_has_a_column_an_answer(study: StudyFolder, tmp_path: Path) -> None:
    rows = filled.mturk_rows(study)
    for row in rows:
        (answers,) = json.loads(row.pop("Answer.taskAnswers"))
        row |= {f"Answer.{name}": value for name, value in answers.items()}
    (tmp_path / "batch.csv").write_bytes(filled.sheet(list(rows[0]), rows))
    assert import_votes(study, tmp_path / "batch.csv").votes == 18


def test_mturk_radio_buttons_say_which_is_pressed(study: StudyFolder, tmp_path: Path) -> None:
    rows = filled.mturk_rows(study)
    for row in rows:
        (answers,) = json.loads(row["Answer.taskAnswers"])
        pressed = {side: answers["choice"] == side for side in ("left", "right")}
        row["Answer.taskAnswers"] = json.dumps([{"choice": pressed}])
    (tmp_path / "batch.csv").write_bytes(filled.sheet(list(rows[0]), rows))
    import_votes(study, tmp_path / "batch.csv")
    plain = read_votes(study.votes)
    assert {vote.choice for vote in plain} == {"left", "right"}
    assert all(vote.choice == filled.answered(k // 6, vote.pair_id) for k, vote in enumerate(plain))


@pytest.mark.parametrize(("status", "reason"), [("Rejected", ""), ("Submitted", "too fast")])
def test_rejected_assignments_are_told_not_counted(
    study: StudyFolder, tmp_path: Path, status: str, reason: str
) -> None:
    rows = filled.mturk_rows(study)
    rows[3] |= {"AssignmentStatus": status, "Reject": reason}
    (tmp_path / "batch.csv").write_bytes(filled.sheet(list(rows[0]), rows))
    done = import_votes(study, tmp_path / "batch.csv")
    assert done.votes == 17
    assert done.skipped == ((5, "the assignment was rejected"),)


def test_annotations_that_are_no_votes_are_told(study: StudyFolder, tmp_path: Path) -> None:
    tasks = filled.labelstudio_tasks(study)
    tasks[0]["annotations"][0] |= {"was_cancelled": True, "result": []}
    tasks[1]["annotations"][0]["ground_truth"] = True
    tasks[2]["annotations"][0]["completed_by"] = {"id": 10, "email": "someone@example.org"}
    (tmp_path / "p.json").write_text(json.dumps(tasks))
    done = import_votes(study, tmp_path / "p.json")
    assert done.votes == 16 and done.raters == 3
    assert [reason for _, reason in done.skipped] == [
        "the annotator skipped the task",
        "marked as ground truth, so no vote",
    ]


def test_practice_in_a_file_does_not_count(study: StudyFolder, tmp_path: Path) -> None:
    practice = next(pair for pair in read_key(study.key).pairs if pair.kind == "practice")
    rows = filled.csv_rows(study)
    rows.append({"pair_id": practice.pair_id, "rater": "person 1", "choice": "left"})
    (tmp_path / "votes.csv").write_bytes(filled.sheet(list(rows[0]), rows))
    done = import_votes(study, tmp_path / "votes.csv")
    assert done.votes == 18 and done.skipped == ((20, "practice does not count"),)
