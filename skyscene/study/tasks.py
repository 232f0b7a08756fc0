"""What raters are shown, as files: the public list of pairs, and each slot's order of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from skyscene.errors import StudyError
from skyscene.records import Pair
from skyscene.store import read_json, write_json
from skyscene.study.folder import StudyFolder
from skyscene.study.frozen import Study

_VERSION = 1
WARNING = "Some of the clips may flicker or flash. Do not take part if flashing pictures are a danger to you."


@dataclass(frozen=True)
class Tasks:
    """The pairs as raters see them.

    Attributes:
        study: Opaque name.
        study_sha: Hash of the frozen protocol.
        table: The whole of ``tasks.json``.
    """

    study: str
    study_sha: str
    table: Mapping[str, Any]

    @property
    def pairs(self) -> Mapping[str, Mapping[str, str]]:
        """Pair id to ``show``, ``left`` and ``right``, the files being relative to ``public``."""
        pairs: Mapping[str, Mapping[str, str]] = self.table["pairs"]
        return pairs


def write_tasks(folder: StudyFolder, study: Study, pairs: Sequence[Pair]) -> None:
    """Writes ``public/tasks.json``: files by pair, sorted by the opaque id, and the texts; nothing else."""
    protocol = study.protocol
    write_json(
        folder.tasks,
        {
            "schema_version": _VERSION,
            "study": study.study,
            "study_sha": study.sha,
            "questions": {show: study.question(show) for show in ("video", "frame")},
            "instructions": list(protocol.instructions),
            "consent": protocol.consent,
            "warning": WARNING,
            "answers": list(protocol.answers),
            "plays": protocol.plays,
            "seconds": study.seconds,
            "frame_seconds": protocol.frame_seconds,
            "display": protocol.display,
            "pairs": {
                pair.pair_id: {
                    "show": pair.show,
                    "left": f"media/{pair.left_file}",
                    "right": f"media/{pair.right_file}",
                }
                for pair in sorted(pairs, key=lambda pair: pair.pair_id)
            },
        },
    )


def read_tasks(folder: StudyFolder) -> Tasks:
    """The public list of a study.

    Raises:
        StudyError: It is not there, or none of ours.
    """
    table = _read(folder, "tasks")
    return Tasks(str(table.get("study")), str(table.get("study_sha")), table)


def write_blocks(folder: StudyFolder, study: Study, slots: Sequence[Sequence[str]]) -> None:
    """Writes ``blocks.json``: pair ids in the order of each rater's slot, practice first."""
    write_json(
        folder.blocks,
        {"schema_version": _VERSION, "study_sha": study.sha, "slots": [list(slot) for slot in slots]},
    )


def read_blocks(folder: StudyFolder) -> list[list[str]]:
    """Pair ids in the order of each slot.

    Raises:
        StudyError: The file is not there, or none of ours.
    """
    slots: list[list[str]] = _read(folder, "blocks")["slots"]
    return slots


def _read(folder: StudyFolder, what: str) -> Mapping[str, Any]:
    path = folder.tasks if what == "tasks" else folder.blocks
    if not path.is_file():
        raise StudyError(f"no {path}: is {folder.root} the folder of a study?")
    table = read_json(path)
    wanted = "pairs" if what == "tasks" else "slots"
    if not isinstance(table, dict) or table.get("schema_version") != _VERSION or wanted not in table:
        raise StudyError(f"{path} is none of ours, or of another version of SkyScene")
    return table
