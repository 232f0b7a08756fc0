"""Made-up answers in every platform's own form, filled into what was exported for it.

Where the forms come from: MTurk's columns are those of published batch results, in their order, and
``Answer.taskAnswers`` is a list of one object as public readers of such files take it. jsPsych's CSV is as
its source writes it: every cell quoted, CRLF, ``null`` where there is no value; its columns are named on the
pages on html-button-response and on all plugins. Label Studio's export has the keys of its page on the task
format and the result that its editor's Pairwise control makes. A battle has the keys that FastChat's
clean_battle_data.py writes. None of these files was made by the platforms themselves.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from skyscene.study.folder import StudyFolder
from skyscene.study.platforms import export_platforms

Answer = Callable[[int, str], str]
"""From a slot and a pair to left, right, tie or invalid."""
_BEFORE = """
HITId HITTypeId Title Description Keywords Reward CreationTime MaxAssignments RequesterAnnotation
AssignmentDurationInSeconds AutoApprovalDelayInSeconds Expiration NumberOfSimilarHITs LifetimeInSeconds
AssignmentId WorkerId AssignmentStatus AcceptTime SubmitTime AutoApprovalTime ApprovalTime RejectionTime
RequesterFeedback WorkTimeInSeconds LifetimeApprovalRate Last30DaysApprovalRate Last7DaysApprovalRate
"""
STAMP = "2026-11-21T10:02:11Z"


def answered(slot: int, pair_id: str) -> str:
    """Left or right, as mixed as the opaque ids are."""
    return "left" if (int(pair_id[:4], 16) + slot) % 3 else "right"


def sheet(columns: list[str], rows: Sequence[Mapping[str, Any]], quoting: Any = csv.QUOTE_ALL) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, quoting=quoting, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def planned(folder: StudyFolder) -> list[dict[str, str]]:
    """The rows of pairs.csv: the one export that says slot and position plainly."""
    export_platforms(folder, "https://example.org/s", ["csv"])
    with (folder.exports / "pairs.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def mturk_rows(folder: StudyFolder, answer: Answer = answered) -> list[dict[str, Any]]:
    export_platforms(folder, "https://example.org/s", ["mturk"])
    with (folder.exports / "mturk_input.csv").open(newline="", encoding="utf-8") as file:
        inputs = list(csv.DictReader(file))
    slots = [int(row["slot"]) for row in planned(folder)]
    rows = []
    for k, (row, slot) in enumerate(zip(inputs, slots, strict=True)):
        told = {
            "choice": answer(slot, row["pair_id"]),
            "rt_ms": "4310",
            "left_plays": "1",
            "right_plays": "2",
        }
        told |= {"watched": "true", "shown_at": "2026-11-21T10:02:11.123Z"}
        rows.append(
            dict.fromkeys(_BEFORE.split(), "")
            | {
                "HITId": f"3H{k:028}",
                "Title": "Which video is more realistic?",
                "CreationTime": "Sat Nov 21 01:55:22 PST 2026",
                "Reward": "$0.05",
                "MaxAssignments": "1",
                "AssignmentId": f"3A{k:028}",
                "WorkerId": f"AWORKER{slot}",
                "AssignmentStatus": "Approved" if k % 2 else "Submitted",
                "WorkTimeInSeconds": "12",
                "LifetimeApprovalRate": "0% (0/0)",
            }
            | {f"Input.{name}": value for name, value in row.items()}
            | {"Answer.taskAnswers": json.dumps([told]), "Approve": "", "Reject": ""}
        )
    return rows


def jspsych_rows(folder: StudyFolder, answer: Answer = answered) -> list[dict[str, Any]]:
    export_platforms(folder, "https://example.org/s", ["jspsych"])
    table = json.loads((folder.exports / "jspsych_timeline.json").read_bytes())
    rows: list[dict[str, Any]] = []
    for slot, timeline in enumerate(table["timelines"]):
        for index, trial in enumerate([table["opening"], *timeline]):
            data = trial.get("data", {})
            said = trial["choices"].index(answer(slot, data["pair_id"]).capitalize()) if data else 0
            rows.append(
                {
                    "rt": 5012.4,
                    "stimulus": trial["stimulus"],
                    "response": said,
                    "trial_type": "html-button-response",
                    "trial_index": index,
                    "plugin_version": "2.1.0",
                    "time_elapsed": 6000 * (index + 1),
                    **data,
                    "PROLIFIC_PID": f"5e{slot:022}",
                    "STUDY_ID": "6" * 24,
                    "SESSION_ID": f"7{slot:023}",
                    "rater": f"{slot}-1-2-3",
                }
                | ({"rt_ms": 4310, "left_plays": 1, "watched": True, "shown_at": STAMP} if data else {})
            )
    return rows


def jspsych_csv(rows: list[dict[str, Any]]) -> bytes:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    cells = [
        {name: json.dumps(value) if not isinstance(value, str) else value for name, value in row.items()}
        for row in rows
    ]
    return sheet(columns, cells)


def labelstudio_tasks(folder: StudyFolder, answer: Answer = answered) -> list[dict[str, Any]]:
    export_platforms(folder, "https://example.org/s", ["labelstudio"])
    tasks = json.loads((folder.exports / "labelstudio_tasks.json").read_bytes())
    filled = []
    for number, task in enumerate(tasks, 1):
        data = task["data"]
        region = {
            "value": {"selected": answer(data["slot"], data["pair_id"])},
            "id": f"r{number}",
            "from_name": "side",
            "to_name": "side",
            "type": "pairwise",
            "origin": "manual",
        }
        annotation = {
            "id": 1000 + number,
            "completed_by": 10 + data["slot"],
            "result": [region],
            "was_cancelled": False,
            "ground_truth": False,
            "created_at": "2026-11-21T10:02:15.728353Z",
            "lead_time": 4.288,
            "result_count": 1,
            "task": number,
        }
        filled.append({"id": number, "annotations": [annotation], "data": data, "project": 83})
    return filled


def arena_battles(folder: StudyFolder, answer: Answer = answered) -> list[dict[str, Any]]:
    export_platforms(folder, "https://example.org/s", ["arena"])
    battles = json.loads((folder.exports / "arena_battles.json").read_bytes())
    words = {"left": "model_a", "right": "model_b", "tie": "tie (bothbad)"}
    for k, battle in enumerate(battles):
        battle["winner"] = words[answer(battle["slot"], battle["question_id"])]
        battle["judge"] = f"arena_user_{battle['slot']}"
        battle["tstamp"] = 1700000000.5 + k
    return battles


def csv_rows(folder: StudyFolder, answer: Answer = answered) -> list[dict[str, Any]]:
    return [
        {
            "pair_id": row["pair_id"],
            "rater": f"person {row['slot']}",
            "choice": answer(int(row["slot"]), row["pair_id"]),
            "rt_ms": "4310",
            "watched": "true",
            "block": row["slot"],
            "position": row["position"],
            "study_sha": row["study_sha"],
        }
        for row in planned(folder)
    ]


def every_file(folder: StudyFolder, to: Path, answer: Answer = answered) -> Iterator[tuple[str, Path]]:
    """Results of every platform and form: its name, and the file."""
    mturk, jspsych, plain = mturk_rows(folder, answer), jspsych_rows(folder, answer), csv_rows(folder, answer)
    files = {
        ("mturk", "batch.csv"): sheet(list(mturk[0]), mturk),
        ("jspsych", "data.csv"): jspsych_csv(jspsych),
        ("jspsych", "data.json"): json.dumps(jspsych).encode(),
        ("labelstudio", "project.json"): json.dumps(labelstudio_tasks(folder, answer)).encode(),
        ("arena", "battles.json"): json.dumps(arena_battles(folder, answer), indent=2).encode(),
        ("csv", "votes.csv"): sheet(list(plain[0]), plain, csv.QUOTE_MINIMAL),
    }
    for (name, file), data in files.items():
        (to / file).write_bytes(data)
        yield name, to / file
