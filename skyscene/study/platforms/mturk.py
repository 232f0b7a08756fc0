"""Amazon Mechanical Turk: a table of tasks, the layout that shows them, and the batch of results."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from skyscene.store import write_bytes
from skyscene.study.folder import StudyFolder
from skyscene.study.frozen import Study
from skyscene.study.platforms.cells import text
from skyscene.study.platforms.plain import measured
from skyscene.study.platforms.plan import LABELS, SHORT, Planned, buttons
from skyscene.study.platforms.platform import Parsed, RawVote, Verified, collect
from skyscene.study.platforms.sheet import write_sheet
from skyscene.study.platforms.stage import SCRIPT, STYLE, escaped, preface, stage
from skyscene.study.platforms.upload import Upload, shown

_COLUMNS = ("pair_id", "show", "left_url", "right_url", "study_sha")
_MEASURED = ("rt_ms", "left_plays", "right_plays", "watched", "shown_at")
_STATES = frozenset({"Submitted", "Approved"})


class MTurk:
    """``mturk_input.csv`` and ``mturk_layout.html`` out, the CSV of a batch's results in.

    Every row is one vote: publish with one assignment a row.
    """

    name = "mturk"
    kinds = frozenset({"csv"})
    needs = frozenset({"HITId", "AssignmentId", "WorkerId", "AssignmentStatus", "Input.pair_id"})
    verified: Verified = "a real export"
    source = (
        "columns as in published batches; Answer.taskAnswers as public readers of such batches have it; "
        "the layout follows AWS's pages on crowd-form and was not run on MTurk"
    )
    meets_again = True  # every row is a task of its own, and a worker may take several

    def write(self, folder: StudyFolder, study: Study, slots: Sequence[Sequence[Planned]]) -> list[Path]:
        """Writes the table and the layout."""
        table, layout = folder.exports / "mturk_input.csv", folder.exports / "mturk_layout.html"
        rows = [
            (vote.pair_id, vote.show, vote.left, vote.right, study.sha[:SHORT])
            for slot in slots
            for vote in slot
        ]
        write_sheet(table, _COLUMNS, rows)
        write_bytes(layout, _layout(study).encode())
        return [table, layout]

    def parse(self, upload: Upload, study: Study) -> Parsed:
        """A vote of every assignment that is not rejected."""
        return collect(upload.rows, _vote)


def _layout(study: Study) -> str:
    asked = "".join(
        f'<p class="question" data-for="{show}" hidden>{escaped(study.question(show))}</p>'
        for show in ("video", "frame")
    )
    answers = "".join(
        f'<button type="button" class="answer" value="{choice}" disabled>{LABELS[choice]}</button> '
        for choice in buttons(study)
    )
    fields = "".join(f'<input type="hidden" name="{name}">' for name in ("choice", *_MEASURED))
    return f"""<!DOCTYPE html>
<script src="https://assets.crowd.aws/crowd-html-elements.js"></script>
<style>{STYLE}.answer[aria-pressed="true"] {{ outline: 3px solid #0645ad; }}</style>
<crowd-form>
{preface(study)}
{stage(study, "${show}", "${left_url}", "${right_url}", asked)}
<p style="text-align: center">{answers}</p>
{fields}
<crowd-button id="send" form-action="submit" variant="primary" disabled>Submit</crowd-button>
</crowd-form>
<script>{SCRIPT}{_SEND}</script>
"""


_SEND = """
(function () {
  const place = document.querySelector(".stage"), send = document.getElementById("send");
  const answers = Array.from(document.querySelectorAll(".answer"));
  place.querySelectorAll(".question").forEach(function (text) {
    text.hidden = text.dataset.for !== place.dataset.show;
  });
  const measured = watchPair(place, answers);
  answers.forEach(function (button) {
    button.addEventListener("click", function () {
      const values = Object.assign({ choice: button.value }, measured());
      Object.keys(values).forEach(function (name) {
        document.querySelector("input[name=" + name + "]").value = String(values[name]);
      });
      answers.forEach(function (each) { each.setAttribute("aria-pressed", String(each === button)); });
      send.removeAttribute("disabled");
      send.disabled = false;
    });
  });
})();
"""


def _vote(line: int, row: Mapping[str, Any]) -> RawVote | str:
    state = text(row, "AssignmentStatus")
    # A reason under Reject is a verdict that was not uploaded yet.
    if state == "Rejected" or text(row, "Reject"):
        return "the assignment was rejected"
    if state not in _STATES:
        raise ValueError(f"AssignmentStatus: {shown(state)} is none that is known")
    answers = _answers(row)
    return RawVote(
        line,
        pair_id=text(row, "Input.pair_id"),
        rater=text(row, "WorkerId"),
        choice=_choice(answers),
        study_sha=text(row, "Input.study_sha"),
        session=text(row, "AssignmentId"),
        **measured(answers),
    )


def _answers(row: Mapping[str, Any]) -> dict[str, Any]:
    """Answers of a page with a crowd-form, which come as JSON, or of one with a plain form, a column each."""
    packed = text(row, "Answer.taskAnswers")
    if not packed:
        return {name.removeprefix("Answer."): row[name] for name in row if name.startswith("Answer.")}
    try:
        unpacked = json.loads(packed)
    except (ValueError, RecursionError):
        raise ValueError(f"Answer.taskAnswers: JSON is expected, not {shown(packed)}") from None
    if isinstance(unpacked, list) and len(unpacked) == 1:
        unpacked = unpacked[0]
    if not isinstance(unpacked, dict):
        raise ValueError("Answer.taskAnswers: a list of one object is expected")
    return unpacked


def _choice(answers: Mapping[str, Any]) -> str | None:
    """The choice of a field, or of a group of radio buttons, each of which says whether it is pressed."""
    value = answers.get("choice")
    if not isinstance(value, dict):
        return text(answers, "choice").lower() or None
    pressed = [name for name, on in value.items() if on is True]
    if len(pressed) > 1:
        raise ValueError("choice: more than one is pressed")
    return pressed[0] if pressed else None
