"""Label Studio: a labelling interface, its tasks, and the JSON that it exports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from skyscene.records.pair import Hand
from skyscene.store import write_bytes, write_json
from skyscene.study.folder import StudyFolder
from skyscene.study.frozen import Study
from skyscene.study.platforms.cells import number, text, whole
from skyscene.study.platforms.plan import LABELS, SHORT, Planned, buttons
from skyscene.study.platforms.platform import Parsed, RawVote, Verified, collect
from skyscene.study.platforms.upload import Upload, shown
from skyscene.study.tasks import WARNING

_SIDE, _OTHER = "side", "other"
"""Names of the two controls: Pairwise knows only left and right, all else needs buttons."""
_Unit = tuple[Mapping[str, Any], Mapping[str, Any]]


class LabelStudio:
    """``labelstudio_config.xml`` and ``labelstudio_tasks.json`` out, the full JSON export in.

    A task is a planned vote; a filter on ``slot`` gives each annotator theirs. A study that shows clips and
    frames becomes two projects, since an interface has either.
    """

    name = "labelstudio"
    kinds = frozenset({"json"})
    needs = frozenset({"data", "annotations"})
    verified: Verified = "the platform's documentation"
    source = "the page on the task format, and the editor's Pairwise control; no project was run"
    meets_again = False

    def write(self, folder: StudyFolder, study: Study, slots: Sequence[Sequence[Planned]]) -> list[Path]:
        """Writes interface and tasks for each thing that is shown."""
        written = []
        votes = [vote for slot in slots for vote in slot]
        for show in sorted({vote.show for vote in votes}, reverse=True):
            stem = "labelstudio" if show == "video" else "labelstudio_frame"
            config, listed = folder.exports / f"{stem}_config.xml", folder.exports / f"{stem}_tasks.json"
            data = [
                {
                    "pair_id": vote.pair_id,
                    "show": show,
                    "left": vote.left,
                    "right": vote.right,
                    "slot": vote.slot,
                    "position": vote.position,
                    "study_sha": study.sha[:SHORT],
                }
                for vote in votes
                if vote.show == show
            ]
            write_bytes(config, _config(study, show).encode())
            write_json(listed, [{"data": each} for each in data])
            written += [config, listed]
        return written

    def parse(self, upload: Upload, study: Study) -> Parsed:
        """A vote of every annotation that is neither skipped nor marked as ground truth."""
        units, faults = _units(upload)
        parsed = collect(units, _vote)
        parsed.problems += faults
        return parsed


def _config(study: Study, show: str) -> str:
    protocol = study.protocol
    facts = (
        f'muted="true" height="{protocol.display}" frameRate="{protocol.fps:g}"' if show == "video" else ""
    )
    tag = "Video" if show == "video" else "Image"
    sides: list[tuple[Hand, str]] = [("left", ""), ("right", ' sync="left"' if show == "video" else "")]
    views = "".join(
        f'    <View style="flex: 1"><Header value={quoteattr(LABELS[side])}/>'
        f'<{tag} name="{side}" value="${side}" {facts}{sync}/></View>\n'
        for side, sync in sides
    )
    others = [choice for choice in buttons(study) if choice not in ("left", "right")]
    more = "".join(f'    <Choice value={quoteattr(LABELS[choice])} alias="{choice}"/>\n' for choice in others)
    choices = (
        f'  <Choices name="{_OTHER}" toName="left" choice="single">\n{more}  </Choices>\n' if others else ""
    )
    return (
        f"<View>\n  <Header value={quoteattr(WARNING)}/>\n"
        f"  <Header value={quoteattr(study.question(show))}/>\n"
        f'  <Pairwise name="{_SIDE}" toName="left,right"/>\n'
        f'  <View style="display: flex; gap: 1rem">\n{views}  </View>\n{choices}</View>\n'
    )


def _units(upload: Upload) -> tuple[list[tuple[int, _Unit]], list[tuple[int, str]]]:
    """Every annotation with its task's data, and the faults of tasks that cannot be taken apart."""
    units: list[tuple[int, _Unit]] = []
    faults = []
    for line, task in upload.rows:
        data, annotations = task.get("data"), task.get("annotations")
        if not isinstance(data, dict) or not isinstance(annotations, list):
            faults.append((line, "a task with data and a list of annotations is expected"))
            continue
        for annotation in annotations:
            if isinstance(annotation, dict):
                units.append((line, (data, annotation)))
            else:
                faults.append((line, f"annotations: an object is expected, not {shown(annotation)}"))
    return units, faults


def _vote(line: int, unit: _Unit) -> RawVote | str:
    data, annotation = unit
    if annotation.get("was_cancelled"):
        return "the annotator skipped the task"
    if annotation.get("ground_truth"):
        return "marked as ground truth, so no vote"
    person = annotation.get("completed_by")
    lead = number(annotation, "lead_time")
    return RawVote(
        line,
        pair_id=text(data, "pair_id"),
        # A number, or an object with one and an email address, which is none of our business.
        rater=text(person, "id") if isinstance(person, dict) else text(annotation, "completed_by"),
        choice=_choice(annotation.get("result")),
        study_sha=text(data, "study_sha"),
        rt_ms=None if lead is None else round(1000 * lead),
        block=whole(data, "slot"),
        position=whole(data, "position"),
    )


def _choice(result: object) -> str | None:
    found = list(_found(result))
    if len(found) > 1:
        raise ValueError(f"result: more than one answer: {', '.join(map(shown, found))}")
    return found[0] if found else None


def _found(result: object) -> Iterator[str]:
    """Answers in a result: of the side, and of the buttons for all else."""
    if not isinstance(result, list):
        raise ValueError(f"result: a list is expected, not {shown(result)}")
    for region in result:
        value = region.get("value") if isinstance(region, dict) else None
        if not isinstance(value, dict):
            raise ValueError("result: objects with a value are expected")
        if region.get("type") == "pairwise":
            yield text(value, "selected")
        elif region.get("type") == "choices":
            chosen = value.get("choices")
            if not isinstance(chosen, list):
                raise ValueError("choices: a list is expected")
            yield from (text({"choices": each}, "choices") for each in chosen)
