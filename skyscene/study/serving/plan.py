"""What each rater is to see, from the files of a study, checked before the first one comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from skyscene.errors import StudyError
from skyscene.records import Hand, Pair
from skyscene.study.folder import StudyFolder
from skyscene.study.frozen import Study, read_study
from skyscene.study.key import Key, read_key
from skyscene.study.tasks import Tasks, read_blocks, read_tasks

TYPES = {".mp4": "video/mp4", ".webm": "video/webm", ".png": "image/png", ".jpg": "image/jpeg"}
_TEXTS = ("consent", "warning", "instructions", "answers", "plays", "seconds", "frame_seconds", "display")


@dataclass(frozen=True, slots=True)
class Trial:
    """One pair at one place of one rater's slot.

    Attributes:
        position: From 0.
        pair_id: What is shown.
        show: A clip or a frame.
        nonce: Names the trial to its rater, and to nobody else.
        media: Names its two files to its rater, likewise: the same file has another name in every trial.
        practice: Whether its rater is told the right answer.
        gold_side: That answer.
    """

    position: int
    pair_id: str
    show: str
    nonce: str
    media: str
    practice: bool
    gold_side: Hand | None


class Plan:
    """A study's trials, texts and files.

    Args:
        folder: The study.

    Raises:
        StudyError: Its files are missing, do not belong together, or lead out of the public folder.
    """

    def __init__(self, folder: StudyFolder) -> None:
        self.study: Study = read_study(folder)
        self._public = folder.public.resolve()
        self._key: Key = read_key(folder.key)
        tasks, self._slots = read_tasks(folder), read_blocks(folder)
        self._pairs: Mapping[str, Pair] = {pair.pair_id: pair for pair in self._key.pairs}
        problems = _strangers(self.study, self._key, tasks)
        problems += _misfits(self._slots, self._pairs, tasks)
        if problems:
            raise StudyError(problems)
        self._table = tasks.table
        self._listed = tasks.pairs
        files = sorted({row[side] for row in tasks.pairs.values() for side in ("left", "right")})
        lost = [name for name in files if self._inside(name) is None]
        if lost:
            more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
            raise StudyError(f"{folder.tasks} lists {lost[0]}{more}: no clip or frame in {folder.public}")
        self.trial = lru_cache(maxsize=1 << 16)(self._trial)

    def total(self, slot: int) -> int:
        """How many trials a slot has."""
        return len(self._slots[slot])

    def texts(self, slot: int) -> dict[str, Any]:
        """What a rater reads, and how clips are shown; nothing of any pair."""
        shows = {self._listed[pair_id]["show"] for pair_id in self._slots[slot]}
        questions: Mapping[str, str] = self._table["questions"]
        asked = {show: text for show, text in questions.items() if show in shows}
        return {"questions": asked, **{name: self._table[name] for name in _TEXTS}}

    def file(self, trial: Trial, side: str) -> Path | None:
        """One of a trial's two files, if it is still where it was."""
        return self._inside(self._listed[trial.pair_id][side]) if side in ("left", "right") else None

    def visit(self, cookie: str) -> str:
        """Opaque id of a visit."""
        return f"v_{self._key.secret.digest('visit', cookie).hex()[:16]}"

    def completion(self, rater: str) -> dict[str, str]:
        """The code after the last vote, and where a rater goes with it."""
        protocol = self.study.protocol
        made = self._key.secret.digest("completion", rater).hex()[:10].upper()
        url = protocol.completion_url
        return {
            "code": protocol.completion_code or made,
            "url": url if url.startswith("https://") else "",
        }

    def _trial(self, rater: str, slot: int, position: int) -> Trial:
        pair = self._pairs[self._slots[slot][position]]
        practice = pair.kind == "practice"
        # Derived, not drawn: a server that was killed gives a trial the name that its page still holds.
        return Trial(
            position,
            pair.pair_id,
            self._listed[pair.pair_id]["show"],
            self._key.secret.digest("trial", rater, position).hex()[:32],
            self._key.secret.digest("media", rater, position).hex()[:32],
            practice,
            pair.gold_side if practice else None,
        )

    def _inside(self, name: str) -> Path | None:
        path = self._public / name
        real = path.resolve()
        # A link inside the folder would be a second name, and one out of it a way to the key.
        plain = real == path and real.is_relative_to(self._public) and real.is_file()
        return real if plain and real.suffix in TYPES else None


def _strangers(study: Study, key: Key, tasks: Tasks) -> list[str]:
    made = {"key.parquet": key.study_sha, "public/tasks.json": tasks.study_sha}
    return [
        f"{name} belongs to another study than study.toml" for name, sha in made.items() if sha != study.sha
    ]


def _misfits(slots: Sequence[Sequence[str]], pairs: Mapping[str, Pair], tasks: Tasks) -> list[str]:
    problems = [] if slots else ["blocks.json has no slot"]
    for number, slot in enumerate(slots):
        unknown = sorted({pair_id for pair_id in slot if pair_id not in pairs or pair_id not in tasks.pairs})
        if unknown:
            problems.append(f"blocks.json, slot {number}: pair {unknown[0]} is not in the key and the tasks")
        if len(set(slot)) != len(slot) or not slot:
            problems.append(f"blocks.json, slot {number}: it is empty or has a pair twice")
    return problems
