"""What a study asks for, vote by vote: what every platform's files are made from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from skyscene.errors import StudyError
from skyscene.records import Choice
from skyscene.study.folder import StudyFolder
from skyscene.study.frozen import Study
from skyscene.study.key import read_key
from skyscene.study.tasks import Tasks

SHORT = 12
"""Digits of the study's hash in platform files; enough to tell studies apart."""
LABELS: dict[Choice, str] = {
    "left": "Left",
    "tie": "No difference",
    "right": "Right",
    "invalid": "Cannot be judged",
}
_ADDRESS = re.compile(r"https?://[^\s\"'<>\\^`{}|]+")


@dataclass(frozen=True, slots=True)
class Planned:
    """One vote that is asked for.

    Attributes:
        slot: Whose, from 0.
        position: Place in that slot, from 0, practice counted.
        pair_id: What is shown.
        show: video or frame.
        left: Address of the left one.
        right: Of the right one.
    """

    slot: int
    position: int
    pair_id: str
    show: str
    left: str
    right: str


def check_address(base_url: str) -> None:
    """Refuses what is no address of a web page; none at all is fine.

    Raises:
        StudyError: It is none.
    """
    if base_url and not _ADDRESS.fullmatch(base_url):
        raise StudyError(f"{base_url[:80]!r} is no address of a web page: https://example.org/study")


def plan(
    folder: StudyFolder, study: Study, tasks: Tasks, slots: Sequence[Sequence[str]], base_url: str
) -> list[list[Planned]]:
    """Every vote but practice, slot by slot in the order of each.

    Practice is left out because its feedback needs an answer that no platform may know.

    Raises:
        StudyError: The files of the folder do not belong together, or the address is none.
    """
    key = read_key(folder.key)
    if {tasks.study_sha, key.study_sha} != {study.sha}:
        raise StudyError(
            f"{folder.root}: the key, the tasks and study.toml are not of one study; export anew"
        )
    check_address(base_url)
    practice = {pair.pair_id for pair in key.pairs if pair.kind == "practice"}
    start = base_url.rstrip("/") + "/" if base_url else ""
    planned: list[list[Planned]] = [[] for _ in slots]
    for slot, pairs in enumerate(slots):
        for position, pair_id in enumerate(pairs):
            if pair_id in practice:
                continue
            if pair_id not in tasks.pairs:
                raise StudyError(f"{folder.blocks}: pair {pair_id} is not in {folder.tasks}")
            pair = tasks.pairs[pair_id]
            left, right = start + pair["left"], start + pair["right"]
            planned[slot].append(Planned(slot, position, pair_id, pair["show"], left, right))
    return planned


def buttons(study: Study) -> tuple[Choice, ...]:
    """The answers that a protocol allows, as buttons from left to right; an import counts on this order."""
    return tuple(choice for choice in LABELS if choice in study.protocol.answers)


def completion(study: Study) -> str:
    """Where a rater goes at the end: the protocol's address, or Prolific's with its code; or empty."""
    protocol = study.protocol
    if protocol.completion_url or not protocol.completion_code:
        return protocol.completion_url
    return f"https://app.prolific.com/submissions/complete?cc={quote(protocol.completion_code, safe='')}"
