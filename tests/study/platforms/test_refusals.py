from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from skyscene.errors import StudyError
from skyscene.study.folder import StudyFolder
from skyscene.study.frozen import read_study
from skyscene.study.key import read_key
from skyscene.study.platforms import import_votes
from skyscene.study.platforms.importing import _TOLD
from skyscene.study.tasks import read_blocks
from skyscene.study.votes import read_votes
from tests.study.platforms import filled

Rows = list[dict[str, Any]]


def refused(study: StudyFolder, path: Path, platform: str | None = None) -> list[str]:
    """The problems of a file, of which nothing may have been added."""
    before = read_votes(study.votes)
    existed = study.votes.exists()
    with pytest.raises(StudyError) as caught:
        import_votes(study, path, platform)
    assert read_votes(study.votes) == before
    assert study.votes.exists() == existed
    return caught.value.problems


def plain(study: StudyFolder, tmp_path: Path, change: Callable[[Rows], object]) -> list[str]:
    """The problems of a CSV file of votes after a change of its rows."""
    rows = filled.csv_rows(study)
    change(rows)
    path = tmp_path / "votes.csv"
    path.write_bytes(filled.sheet(list(dict.fromkeys(name for row in rows for name in row)), rows))
    return [problem.removeprefix(str(path)) for problem in refused(study, path)]


def test_all_problems_of_a_file_are_told_at_once(study: StudyFolder, tmp_path: Path) -> None:
    def spoil(rows: Rows) -> None:
        rows[0]["pair_id"] = "p0042"
        rows[1]["choice"] = ""
        rows[2]["choice"] = "tie"
        rows[3]["rater"] = " "
        rows[4]["rt_ms"] = "soon"
        rows[5]["study_sha"] = "0" * 12
        rows[7] = dict(rows[6])
        rows[8]["pair_id"] = ""

    assert plain(study, tmp_path, spoil) == [
        ":2: the study has no pair 'p0042'",
        ":3: no answer",
        ":4: 'tie' cannot be answered in this study: left, right",
        ":5: it is not said who answered",
        ":6: rt_ms: a number is expected, not 'soon'",
        f":7: a vote of another study: '{'0' * 12}', not {read_study(study).sha[:12]}",
        ":9: this rater has answered this pair in line 8 already",
        ":10: no pair_id",
    ]


def test_a_long_list_of_problems_is_cut(study: StudyFolder, tmp_path: Path) -> None:
    def spoil(rows: Rows) -> None:
        rows += [rows[0] | {"pair_id": f"{number}"} for number in range(30)]

    problems = plain(study, tmp_path, spoil)
    assert len(problems) == _TOLD + 1
    assert problems[-1] == "and 10 more"


def test_one_fault_of_many_lines_is_one_problem(study: StudyFolder, tmp_path: Path) -> None:
    def spoil(rows: Rows) -> None:
        rows += [dict(rows[0]) for _ in range(30)]

    (told,) = plain(study, tmp_path, spoil)
    last = len(filled.csv_rows(study)) + 1
    assert told.endswith(
        "this rater has answered this pair in line 2 already "
        f"(also line {last + 2}, line {last + 3}, line {last + 4}, line {last + 5}, 25 more)"
    )
    assert f":{last + 1}: " in told


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("rt_ms", "1e999"),
        ("rt_ms", "-1"),
        ("rt_ms", "nan"),
        ("rt_ms", "9" * 5000),
        ("rt_ms", "1e12"),
        ("rt_ms", "4,31"),
        ("left_plays", "1.5"),
        ("watched", "perhaps"),
        ("block", "x"),
        ("position", "-3"),
        ("shown_at", "yesterday"),
        ("shown_at", "0001-01-01T00:00:00+23:00"),
        ("study", "another"),
        ("study_sha", "abc"),
    ],
)
def test_a_value_that_is_none_is_told_with_its_line(
    study: StudyFolder, tmp_path: Path, column: str, value: str
) -> None:
    problems = plain(study, tmp_path, lambda rows: rows[4].update({column: value}))
    assert len(problems) == 1
    assert problems[0].startswith(":6: ") and len(problems[0]) < 140


def test_both_orders_of_a_comparison_by_one_rater(study: StudyFolder, tmp_path: Path) -> None:
    pairs = {pair.pair_id: pair for pair in read_key(study.key).pairs}

    def spoil(rows: Rows) -> None:
        first = next(row for row in rows if pairs[row["pair_id"]].kind == "test")
        one = pairs[first["pair_id"]]
        other = next(
            pair
            for pair in pairs.values()
            if pair.comparison == one.comparison and pair.kind == "test" and pair.left != one.left
        )
        rows.append(dict(first, pair_id=other.pair_id))

    (problem,) = plain(study, tmp_path, spoil)
    assert problem.startswith(
        ":20: this rater has answered the same two clips the other way round in line 2;"
    )


def test_both_orders_across_two_files(study: StudyFolder, tmp_path: Path) -> None:
    pairs = {pair.pair_id: pair for pair in read_key(study.key).pairs}
    test = [pair for pair in pairs.values() if pair.kind == "test"]
    one = test[0]
    other = next(pair for pair in test[1:] if pair.comparison == one.comparison)
    path = tmp_path / "votes.csv"
    path.write_text(f"pair_id,rater,choice\n{one.pair_id},a,left\n")
    import_votes(study, path)
    path.write_text(f"pair_id,rater,choice\n{other.pair_id},a,left\n")
    (problem,) = refused(study, path)
    assert "the other way round in the study already" in problem
    path.write_text(f"pair_id,rater,choice\n{other.pair_id},b,left\n")
    assert import_votes(study, path).votes == 1


def test_where_a_worker_may_meet_clips_again_only_the_first_answer_counts(
    study: StudyFolder, tmp_path: Path
) -> None:
    rows = filled.mturk_rows(study)
    path = tmp_path / "batch.csv"
    path.write_bytes(filled.sheet(list(rows[0]), [*rows[:9], rows[3]]))
    found = import_votes(study, path)
    assert found.votes == 9 and found.skipped == (
        (11, "this rater has answered this pair in line 5 already"),
    )
    path.write_bytes(filled.sheet(list(rows[0]), rows))  # a later download of the same batch
    grown = import_votes(study, path)
    assert grown.votes == 9 and len(grown.skipped) == 9
    assert len(read_votes(study.votes)) == 18


def test_a_mirrored_repeat_is_no_second_order(study: StudyFolder, tmp_path: Path) -> None:
    kinds = {pair.pair_id: pair.kind for pair in read_key(study.key).pairs}
    assert {kinds[pair] for pair in read_blocks(study)[0]} == {"practice", "test", "gold", "repeat"}
    rows = filled.csv_rows(study)
    (tmp_path / "votes.csv").write_bytes(filled.sheet(list(rows[0]), rows))
    import_votes(study, tmp_path / "votes.csv")
    assert sorted(kinds[vote.pair_id] for vote in read_votes(study.votes)) == sorted(
        3 * (4 * ["test"] + ["gold", "repeat"])
    )


def test_the_same_file_twice_is_refused_in_one_line(study: StudyFolder, tmp_path: Path) -> None:
    for _, path in filled.every_file(study, tmp_path):
        study.votes.unlink(missing_ok=True)
        import_votes(study, path)
        assert refused(study, path) == [
            f"{path}: all of its 18 votes are in the study already; nothing was added"
        ]


def test_a_file_that_is_in_by_half_is_refused_whole(study: StudyFolder, tmp_path: Path) -> None:
    rows = filled.csv_rows(study)
    path = tmp_path / "votes.csv"
    path.write_bytes(filled.sheet(list(rows[0]), rows[:9]))
    import_votes(study, path)
    path.write_bytes(filled.sheet(list(rows[0]), rows))
    (told,) = refused(study, path)
    assert told.startswith(f"{path}:2: this rater's answer to this pair is in the study already (also line 3")
    assert told.endswith(", 4 more)"), "nine of them"


def test_missing_answers_of_every_platform(study: StudyFolder, tmp_path: Path) -> None:
    mturk = filled.mturk_rows(study)
    mturk[1]["Answer.taskAnswers"] = '[{"choice":""}]'
    jspsych = filled.jspsych_rows(study)
    jspsych[1] |= {"response": None, "rt": None}
    label = filled.labelstudio_tasks(study)
    label[1]["annotations"][0]["result"] = []
    arena = filled.arena_battles(study)
    arena[1]["winner"] = None
    files = {
        "m.csv": (filled.sheet(list(mturk[0]), mturk), ":3"),
        "j.csv": (filled.jspsych_csv(jspsych), ":3"),
        "j.json": (json.dumps(jspsych).encode(), ":1: item 2"),
        "l.json": (json.dumps(label).encode(), ":1: item 2"),
        "a.json": (json.dumps(arena, indent=1).encode(), ":17: item 2"),
    }
    for name, (data, place) in files.items():
        path = tmp_path / name
        path.write_bytes(data)
        assert refused(study, path) == [f"{path}{place}: no answer"], name


def test_doubled_answers_where_nobody_meets_clips_again(study: StudyFolder, tmp_path: Path) -> None:
    jspsych = filled.jspsych_rows(study)
    label, arena = filled.labelstudio_tasks(study), filled.arena_battles(study)
    label[0]["annotations"] *= 2
    files = {
        "j.csv": filled.jspsych_csv([*jspsych, jspsych[1]]),
        "l.json": json.dumps(label).encode(),
        "a.json": json.dumps([*arena, arena[0]]).encode(),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        (problem,) = refused(study, tmp_path / name)
        assert "this rater has answered this pair in" in problem, name


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        ({"AssignmentStatus": ""}, "AssignmentStatus"),
        ({"Answer.taskAnswers": "left"}, "JSON is expected"),
        ({"Answer.taskAnswers": "[" * 5000}, "JSON is expected"),
        ({"Answer.taskAnswers": "[1, 2]"}, "a list of one object"),
        ({"Answer.taskAnswers": '[{"choice": {"left": true, "right": true}}]'}, "more than one is pressed"),
        ({"Answer.taskAnswers": '[{"choice": 5}]'}, "'5' cannot be answered"),
        ({"Answer.taskAnswers": '[{"choice": ["left"]}]'}, "a text is expected"),
        ({"Answer.taskAnswers": '[{"choice": "left", "rt_ms": 1e999}]'}, "rt_ms"),
        ({"WorkerId": ""}, "who answered"),
    ],
)
def test_broken_batches(study: StudyFolder, tmp_path: Path, spoil: dict[str, str], problem: str) -> None:
    rows = filled.mturk_rows(study)
    rows[2] |= spoil
    (tmp_path / "m.csv").write_bytes(filled.sheet(list(rows[0]), rows))
    (told,) = refused(study, tmp_path / "m.csv")
    assert f"m.csv:4: {problem}" in told or (":4:" in told and problem in told)


@pytest.mark.parametrize("response", [2, -1, 0.5, "left", True, [0], 10**400])
def test_a_button_that_is_not_there(study: StudyFolder, tmp_path: Path, response: object) -> None:
    rows = filled.jspsych_rows(study)
    rows[3]["response"] = response
    (tmp_path / "j.json").write_text(json.dumps(rows))
    (told,) = refused(study, tmp_path / "j.json")
    assert ": item 4: response: " in told


@pytest.mark.parametrize(
    "spoil",
    [
        {"data": None},
        {"annotations": {}},
        {"annotations": [5]},
        {"annotations": [{"completed_by": 3}]},
        {"annotations": [{"completed_by": 3, "result": [5]}]},
        {"annotations": [{"completed_by": 3, "result": [{"type": "choices", "value": {"choices": "tie"}}]}]},
        {"annotations": [{"completed_by": 3, "result": [{"type": "pairwise", "value": {"selected": {}}}]}]},
        {
            "annotations": [
                {"completed_by": None, "result": [{"type": "pairwise", "value": {"selected": "left"}}]}
            ]
        },
        {"annotations": [{"completed_by": 3, "lead_time": "x", "result": []}]},
        {
            "annotations": [
                {"completed_by": 3, "result": 2 * [{"type": "pairwise", "value": {"selected": "left"}}]}
            ]
        },
    ],
)
def test_broken_annotations(study: StudyFolder, tmp_path: Path, spoil: dict[str, object]) -> None:
    tasks = filled.labelstudio_tasks(study)
    tasks[5] |= spoil
    (tmp_path / "l.json").write_text(json.dumps(tasks))
    (told,) = refused(study, tmp_path / "l.json")
    assert ": item 6: " in told


@pytest.mark.parametrize(
    "spoil",
    [{"model_a": "right"}, {"model_b": None}, {"winner": "both"}, {"tstamp": "now"}, {"judge": "\ud800"}],
)
def test_broken_battles(study: StudyFolder, tmp_path: Path, spoil: dict[str, object]) -> None:
    battles = filled.arena_battles(study)
    battles[5] |= spoil
    (tmp_path / "a.json").write_text(json.dumps(battles))
    (told,) = refused(study, tmp_path / "a.json")
    assert f": item 6: {next(iter(spoil))}" in told


def test_votes_of_another_study_of_every_platform(study: StudyFolder, tmp_path: Path) -> None:
    sha = read_study(study).sha[:12]
    files = [path for _, path in filled.every_file(study, tmp_path)]
    for path in files:
        data = path.read_bytes()
        assert data.count(sha.encode()) >= 18
        path.write_bytes(data.replace(sha.encode(), b"123456789abc"))
        (told,) = refused(study, path)
        assert "another study" in told and told.endswith(", 13 more)"), "all eighteen"


def test_a_key_of_another_study(study: StudyFolder, tmp_path: Path) -> None:
    key = read_key(study.key)
    replace(key, study_sha="0" * 64).write(study.key)
    (tmp_path / "v.csv").write_text("pair_id,rater,choice\nx,y,left\n")
    assert "is not the key of" in refused(study, tmp_path / "v.csv")[0]


def test_a_platform_by_a_wrong_name(study: StudyFolder, tmp_path: Path) -> None:
    rows = filled.csv_rows(study)
    path = tmp_path / "votes.csv"
    path.write_bytes(filled.sheet(list(rows[0]), rows))
    assert "Did you mean mturk?" in refused(study, path, "mturkk")[0]
    (told,) = refused(study, path, "mturk")
    assert "lacks AssignmentId, AssignmentStatus, HITId" in told
    assert import_votes(study, path, "csv").votes == 18


def test_a_file_of_no_platform_or_of_two(study: StudyFolder, tmp_path: Path) -> None:
    path = tmp_path / "some.csv"
    path.write_text("a,b\n1,2\n")
    (told,) = refused(study, path)
    assert "no known platform: it has 'a', 'b'" in told and "csv: choice, pair_id, rater" in told
    path.write_text("pair_id,rater,choice,trial_type,trial_index,response,rt\na,b,left,c,0,0,1\n")
    assert "could be of jspsych, csv" in refused(study, path)[0]


def test_nothing_left_to_count(study: StudyFolder, tmp_path: Path) -> None:
    rows = [row | {"AssignmentStatus": "Rejected"} for row in filled.mturk_rows(study)]
    (tmp_path / "m.csv").write_bytes(filled.sheet(list(rows[0]), rows))
    (told,) = refused(study, tmp_path / "m.csv")
    assert "no answers that count: 18 were skipped" in told
