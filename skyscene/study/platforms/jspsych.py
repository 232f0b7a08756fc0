"""jsPsych, with Prolific's parameters: a timeline, a page that runs it, and the data that it saves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from skyscene.store import write_bytes, write_json
from skyscene.study.folder import StudyFolder
from skyscene.study.frozen import Study
from skyscene.study.platforms.cells import text, whole
from skyscene.study.platforms.plain import measured
from skyscene.study.platforms.plan import LABELS, SHORT, Planned, buttons, completion
from skyscene.study.platforms.platform import Parsed, RawVote, Verified, collect
from skyscene.study.platforms.stage import SCRIPT, STYLE, escaped, preface, stage
from skyscene.study.platforms.upload import Upload

_TRIAL = "html-button-response"


class JsPsych:
    """``jspsych_timeline.json`` and ``jspsych_index.html`` out, jsPsych's CSV or JSON data in.

    Both files belong beside ``media``, and jsPsych beside them: nothing is downloaded here.
    """

    name = "jspsych"
    kinds = frozenset({"csv", "json"})
    needs = frozenset({"trial_type", "trial_index", "pair_id", "response", "rt"})
    verified: Verified = "the platform's documentation"
    source = "the plugin's page, the part of jsPsych that writes CSV, and jsPsych's page on Prolific"
    meets_again = False

    def write(self, folder: StudyFolder, study: Study, slots: Sequence[Sequence[Planned]]) -> list[Path]:
        """Writes a timeline for every slot, and the page."""
        timeline, page = folder.exports / "jspsych_timeline.json", folder.exports / "jspsych_index.html"
        trials = [[_trial(study, vote) for vote in slot] for slot in slots]
        opening = {"type": _TRIAL, "stimulus": preface(study), "choices": ["I agree"]}
        write_json(
            timeline,
            {
                "study_sha": study.sha[:SHORT],
                "opening": opening,
                "timelines": trials,
                "completion": {"code": study.protocol.completion_code, "url": completion(study)},
            },
        )
        write_bytes(page, _page(study).encode())
        return [timeline, page]

    def parse(self, upload: Upload, study: Study) -> Parsed:
        """A vote of every trial that shows a pair."""
        choices = buttons(study)
        return collect(upload.rows, lambda line, row: _vote(line, row, choices))


def _trial(study: Study, vote: Planned) -> dict[str, Any]:
    return {
        "type": _TRIAL,
        "stimulus": stage(study, vote.show, escaped(vote.left), escaped(vote.right)),
        "choices": [LABELS[choice] for choice in buttons(study)],
        "data": {
            "pair_id": vote.pair_id,
            "study_sha": study.sha[:SHORT],
            "block": vote.slot,
            "position": vote.position,
        },
    }


def _vote(line: int, row: Mapping[str, Any], choices: Sequence[str]) -> RawVote | None:
    pair_id = text(row, "pair_id")
    if not pair_id:
        return None  # the opening, or a trial that somebody added
    response = whole(row, "response")
    if response is not None and response >= len(choices):
        raise ValueError(f"response: button {response} of {len(choices)}, counted from 0")
    facts = measured(row)
    if facts["rt_ms"] is None:
        # jsPsych's own begins before the clips are loaded; it is what there is without our page.
        facts["rt_ms"] = whole(row, "rt", rounded=True)
    return RawVote(
        line,
        pair_id=pair_id,
        rater=text(row, "PROLIFIC_PID") or text(row, "rater"),
        choice=None if response is None else choices[response],
        study_sha=text(row, "study_sha"),
        session=text(row, "SESSION_ID"),
        block=whole(row, "block"),
        position=whole(row, "position"),
        **facts,
    )


def _page(study: Study) -> str:
    return f"""<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{escaped(study.study)}</title>
<!-- Put jsPsych 7 or 8 and its plugin beside this page under these names; nothing comes from elsewhere. -->
<link rel="stylesheet" href="jspsych/jspsych.css">
<script src="jspsych/jspsych.js"></script>
<script src="jspsych/plugin-html-button-response.js"></script>
<style>{STYLE}</style>
<body></body>
<script>{SCRIPT}{_RUN}</script>
</html>
"""


_RUN = """
// Where data are sent to before anyone is redirected: the address of a server of yours that takes a POST of
// JSON. While it is empty, the data are offered as a download.
const SAVE = "";

(async function () {
  const plan = await (await fetch("jspsych_timeline.json")).json();
  const query = new URLSearchParams(location.search);
  // One link a rater, ?slot=0, ?slot=1 and so on, keeps the plan; without one a slot is drawn.
  const count = plan.timelines.length, asked = query.get("slot");
  const number = asked === null ? Math.floor(Math.random() * count) : Math.abs(parseInt(asked, 10)) || 0;
  const slot = number % count;
  const jsPsych = initJsPsych({ on_finish: finish });
  jsPsych.data.addProperties({
    PROLIFIC_PID: query.get("PROLIFIC_PID"),
    STUDY_ID: query.get("STUDY_ID"),
    SESSION_ID: query.get("SESSION_ID"),
    rater: Array.from(crypto.getRandomValues(new Uint32Array(4)), String).join("-")
  });
  let measured = null;
  const trials = plan.timelines[slot].map(function (trial) {
    return Object.assign({}, trial, {
      type: jsPsychHtmlButtonResponse,
      on_load: function () {
        const buttons = Array.from(document.querySelectorAll(".jspsych-btn"));
        measured = watchPair(document.querySelector(".stage"), buttons);
      },
      on_finish: function (data) { Object.assign(data, measured()); }
    });
  });
  jsPsych.run([Object.assign({}, plan.opening, { type: jsPsychHtmlButtonResponse })].concat(trials));

  async function finish() {
    const end = document.createElement("p");
    document.body.replaceChildren(end);
    if (SAVE) {
      const data = jsPsych.data.get().json();
      const headers = { "Content-Type": "application/json" };
      const sent = await fetch(SAVE, { method: "POST", headers: headers, body: data });
      if (!sent.ok) {
        end.textContent = "Your answers could not be saved. Please keep this page open.";
        return;
      }
    } else {
      jsPsych.data.get().localSave("json", "answers.json");
    }
    end.textContent = "Thank you. " + (plan.completion.code ? "Your code: " + plan.completion.code : "");
    if (SAVE && plan.completion.url) { location.replace(plan.completion.url); }
  }
})();
"""
