"""What a platform must have, and what its files are turned into on the way to a vote."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol, TypeVar

from skyscene.study.folder import StudyFolder
from skyscene.study.frozen import Study
from skyscene.study.platforms.plan import Planned
from skyscene.study.platforms.upload import Upload

Verified = Literal["a real export", "the platform's documentation", "our own format", "unverified"]
Unit = TypeVar("Unit")


@dataclass(frozen=True, slots=True)
class RawVote:
    """An answer as a platform's file has it, before anything is checked but its form.

    Attributes:
        line: Line of a CSV file where it begins, or number in a JSON list, from 1.
        pair_id: What was shown.
        rater: The platform's own id of the person; it is hashed before it is stored.
        choice: left, right, tie or invalid; none where there is no answer.
        study: Name of the study that it belongs to; empty where the file does not say.
        study_sha: Beginning of the hash of that study; the same.
        session: The platform's id of the visit; hashed too.
        rt_ms: As in `Vote`, like all that follow.
        left_plays: As in `Vote`.
        right_plays: As in `Vote`.
        watched: As in `Vote`.
        shown_at: As in `Vote`.
        block: As in `Vote`.
        position: As in `Vote`.
    """

    line: int
    pair_id: str
    rater: str
    choice: str | None
    study: str = ""
    study_sha: str = ""
    session: str = ""
    rt_ms: int | None = None
    left_plays: int | None = None
    right_plays: int | None = None
    watched: bool | None = None
    shown_at: str | None = None
    block: int | None = None
    position: int | None = None


@dataclass
class Parsed:
    """What a file says.

    Attributes:
        votes: Its answers in their order.
        skipped: Line and reason of answers that are not to be counted, such as rejected ones.
        problems: Line and fault of what cannot be understood.
    """

    votes: list[RawVote] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)


class Platform(Protocol):
    """Where people may answer. It is structural; nothing is inherited.

    Attributes:
        name: On the command line and in votes.
        kinds: csv, json or both: how its results come.
        needs: Columns, or keys, that results have and that tell them from others.
        verified: Where the facts about its files come from.
        source: The same in a sentence.
        meets_again: Whether it may give one person the same clips twice.
    """

    name: str
    kinds: frozenset[str]
    needs: frozenset[str]
    verified: Verified
    source: str
    meets_again: bool

    def write(self, folder: StudyFolder, study: Study, slots: Sequence[Sequence[Planned]]) -> list[Path]:
        """Writes the platform's files into the folder's ``exports`` and says which.

        Args:
            folder: The study's.
            study: The frozen protocol.
            slots: The votes that are asked of each rater, in their order.
        """
        ...

    def parse(self, upload: Upload, study: Study) -> Parsed:
        """The answers in a file of results that was recognised."""
        ...


def recognises(platform: Platform, upload: Upload) -> bool:
    """Whether a file has the header of a platform's results."""
    return upload.kind in platform.kinds and platform.needs <= upload.columns


def collect(units: Iterable[tuple[int, Unit]], make: Callable[[int, Unit], RawVote | str | None]) -> Parsed:
    """Makes a vote of every unit, and goes on after a fault so that all are found at once.

    Args:
        units: Line and what stands there.
        make: Gives a vote, the reason for which it is skipped, or none where no answer was meant; raises
            ValueError for a fault.
    """
    parsed = Parsed()
    for line, unit in units:
        try:
            made = make(line, unit)
        except ValueError as error:
            parsed.problems.append((line, str(error)))
            continue
        if isinstance(made, str):
            parsed.skipped.append((line, made))
        elif made is not None:
            parsed.votes.append(made)
    return parsed
