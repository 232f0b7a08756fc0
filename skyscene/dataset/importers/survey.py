"""What is in a folder of the published Sky Time-lapse layout: every shot, and everything that is odd.

::

    sky_train/ID/ID_n/ID_frames_00000001.jpg ...      sky_test/...      sky_val/...

The published set has no ``sky_val``; what ``skyscene export --format official`` writes has. ID may hold ``-``
and ``_``: a shot's number is what follows its name's last underscore.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from skyscene.errors import StoreError

SIDES = {"sky_train": "train", "sky_val": "val", "sky_test": "test"}
LENGTH = 32
"""Frames of a clip in the published counts."""
PUBLISHED = {"train": (997, 2392, 35383), "test": (111, 225, 2815)}
"""Videos, shots and clips as the authors' own note has them."""

_FRAME = re.compile(r"(.+)_frames_(\d+)\.jpe?g", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shot:
    """One shot of a video.

    Attributes:
        side: train, val or test.
        video: The video's id.
        name: The shot's folder: the id, an underscore, its number.
        frames: The numbers of its frames, sorted.
        files: Their files, in the same order.
    """

    side: str
    video: str
    name: str
    frames: tuple[int, ...]
    files: tuple[Path, ...]

    def runs(self) -> Iterator[tuple[int, int]]:
        """Places of frames without a gap between them, half-open.

        >>> list(Shot("train", "a", "a_1", (1, 2, 5, 6, 7), ()).runs())
        [(0, 2), (2, 5)]
        """
        start = 0
        for place in range(1, len(self.frames) + 1):
            if place == len(self.frames) or self.frames[place] != self.frames[place - 1] + 1:
                yield start, place
                start = place


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found.

    Attributes:
        root: The folder.
        shots: All that hold frames, by side, video and number.
        odd: A line for everything that is not as the layout says.
    """

    root: Path
    shots: tuple[Shot, ...]
    odd: tuple[str, ...]

    @property
    def has_val(self) -> bool:
        """Whether the set has a val of its own."""
        return any(shot.side == "val" for shot in self.shots)

    def counts(self, side: str) -> tuple[int, int, int]:
        """Videos, shots and clips of 32 frames of a side, as the authors count: gaps do not matter."""
        mine = [shot for shot in self.shots if shot.side == side]
        return len({shot.video for shot in mine}), len(mine), sum(len(shot.files) // LENGTH for shot in mine)

    def lines(self) -> list[str]:
        """The counts beside the published ones, and how many things are odd."""
        told = []
        for side, published in PUBLISHED.items():
            found = self.counts(side)
            beside = "as published" if found == published else "published: {}, {}, {}".format(*published)
            told.append("{}: {} videos, {} shots, {} clips ({})".format(side, *found, beside))
        if self.has_val:
            told.append("val: {} videos, {} shots, {} clips (of sky_val)".format(*self.counts("val")))
        if self.odd:
            told.append(f"{len(self.odd)} things are not as the layout says, the first: {self.odd[0]}")
        return told


def is_official(root: Path) -> bool:
    """Whether a folder looks like the published layout."""
    return any((root / f"sky_{side}").is_dir() for side in PUBLISHED)


def survey(root: Path) -> Survey:
    """Looks through a folder; no picture is opened.

    Raises:
        StoreError: It has neither ``sky_train`` nor ``sky_test``, or no frame.
    """
    if not is_official(root):
        raise StoreError(f"{root} has neither sky_train nor sky_test: name the folder that holds both")
    odd: list[str] = []
    shots = [shot for name in SIDES for shot in _side(root, name, odd)]
    if not shots:
        raise StoreError(
            f"{root} holds no frame ID_frames_NUMBER.jpg in sky_train/ID/ID_n or sky_test/ID/ID_n"
        )
    return Survey(root, tuple(_apart(shots, odd)), tuple(odd))


def _apart(shots: list[Shot], odd: list[str]) -> list[Shot]:
    """The shots with each video on one side only: test goes before val, and val before train."""
    sides: dict[str, set[str]] = defaultdict(set)
    for shot in shots:
        sides[shot.video].add(shot.side)
    order = list(SIDES.values())
    home = {video: max(found, key=order.index) for video, found in sides.items()}
    for video, found in sorted(sides.items()):
        odd += [
            f"{video}: is in sky_{side} and in sky_{home[video]}; its {side} shots are left out"
            for side in sorted(found - {home[video]})
        ]
    return [shot for shot in shots if shot.side == home[shot.video]]


def _side(root: Path, name: str, odd: list[str]) -> Iterator[Shot]:
    for video in _folders(root / name, root, odd):
        empty = True
        for folder in _folders(video, root, odd):
            empty = False
            found = _shot(SIDES[name], video.name, folder, root, odd)
            if found:
                yield found
        if empty:
            odd.append(f"{video.relative_to(root)}: an empty folder")


def _folders(parent: Path, root: Path, odd: list[str]) -> list[Path]:
    """The folders in one, by name and number; what else lies there is odd."""
    if not parent.is_dir():
        return []
    with os.scandir(parent) as entries:
        found = sorted(entries, key=lambda entry: _natural(entry.name))
    folders = [entry for entry in found if _is(entry.is_dir)]
    odd += [f"{Path(entry.path).relative_to(root)}: not a folder" for entry in found if entry not in folders]
    return [Path(entry.path) for entry in folders]


def _is(check: Callable[[], bool]) -> bool:
    """What ``is_dir`` or ``is_file`` of an entry says; no where a link leads to itself, which raises."""
    try:
        return check()
    except OSError:
        return False


def _shot(side: str, video: str, folder: Path, root: Path, odd: list[str]) -> Shot | None:
    where = folder.relative_to(root)
    owner, _, number = folder.name.rpartition("_")
    if owner != video or not number.isdecimal():
        odd.append(f"{where}: not a shot of {video}")
        return None
    frames: dict[int, Path] = {}
    with os.scandir(folder) as entries:
        # An entry knows what it is, but for a link: no frame of a million is asked for twice.
        files = {entry.name: _is(entry.is_file) for entry in entries}
    for name in sorted(files):
        match = _FRAME.fullmatch(name)
        if not match or match[1] != video or int(match[2]) in frames:
            odd.append(f"{where / name}: not a frame of {video}")
        elif not files[name]:
            odd.append(f"{where / name}: not a file, or a link to none")
        else:
            frames[int(match[2])] = folder / name
    if not frames:
        odd.append(f"{where}: an empty folder")
        return None
    numbers = tuple(sorted(frames))
    if len(numbers) == 1:
        odd.append(f"{where}: one frame")
    gaps = numbers[-1] - numbers[0] + 1 - len(numbers)
    if gaps:
        odd.append(f"{where}: {gaps} frames are missing between {numbers[0]} and {numbers[-1]}")
    return Shot(side, video, folder.name, numbers, tuple(frames[number] for number in numbers))


def _natural(name: str) -> tuple[str, int, str]:
    """Orders ``a_2`` before ``a_10``."""
    stem, _, number = name.rpartition("_")
    return (stem, int(number), name) if number.isdecimal() else (name, -1, name)
