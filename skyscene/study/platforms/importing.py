"""Results of a platform become votes: all of a file, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from skyscene.errors import StudyError
from skyscene.study.folder import StudyFolder
from skyscene.study.frozen import read_study
from skyscene.study.key import read_key
from skyscene.study.platforms.check import Check
from skyscene.study.platforms.register import platform_named, platform_of
from skyscene.study.platforms.upload import Upload, read_upload
from skyscene.study.votes import add_votes, read_votes

_TOLD, _PLACES = 20, 4
"""Problems that are printed, and further places of each."""


@dataclass(frozen=True)
class Imported:
    """What an import did.

    Attributes:
        platform: Whose file it was.
        votes: How many were added.
        raters: By how many people.
        skipped: Line, or number in a JSON list, and reason of what was not to be counted.
    """

    platform: str
    votes: int
    raters: int
    skipped: tuple[tuple[int, str], ...]


def import_votes(folder: StudyFolder, path: Path, platform: str | None = None) -> Imported:
    """Adds the votes of a file of results to a study, all or none.

    Ids of people and visits are stored as keyed hashes only, so that nobody without the study's secret can
    tell whether somebody took part.

    Args:
        folder: The study.
        path: The file as the platform gives it.
        platform: Whose it is; none to tell by its header.

    Raises:
        StudyError: All that is wrong with the file, with lines; then nothing was added.
    """
    study, key = read_study(folder), read_key(folder.key)
    if key.study_sha != study.sha:
        raise StudyError(f"{folder.key} is not the key of {folder.study}")
    if platform is not None:
        platform_named(platform)  # a wrong name is told before a large file is read
    upload = read_upload(path)
    chosen = platform_of(upload, platform)
    parsed = chosen.parse(upload, study)
    check = Check(study, key, chosen.name, read_votes(folder.votes), upload.near, chosen.meets_again)
    for raw in parsed.votes:
        check.add(raw)
    if check.repeated == len(parsed.votes) - check.practice > 0:
        raise StudyError(
            f"{path}: all of its {check.repeated} votes are in the study already; nothing was added"
        )
    faults = sorted(parsed.problems + check.problems, key=lambda fault: fault[0])
    if faults:
        raise StudyError(_told(faults, upload))
    skipped = sorted(parsed.skipped + check.skipped, key=lambda told: told[0])
    if not check.votes:
        raise StudyError(f"{path} holds no answers that count: {len(skipped)} were skipped")
    add_votes(folder.votes, check.votes)
    return Imported(chosen.name, len(check.votes), len({vote.rater for vote in check.votes}), tuple(skipped))


def _told(faults: Sequence[tuple[int, str]], upload: Upload) -> list[str]:
    """A line for each fault, with its first places: a wholly wrong file has one fault many times."""
    lines: dict[str, list[int]] = {}
    for line, message in faults:
        lines.setdefault(message, []).append(line)
    told = []
    for message, (first, *others) in lines.items():
        near = [upload.near(line) for line in others[:_PLACES]]
        near += [f"{len(others) - _PLACES} more"] if len(others) > _PLACES else []
        told.append(f"{upload.place(first)}: {message}" + (f" (also {', '.join(near)})" if near else ""))
    return [*told[:_TOLD], *([f"and {len(told) - _TOLD} more"] if len(told) > _TOLD else [])]
