"""The published Sky Time-lapse set packed once into a build folder, so that all that follows is one way."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from skyscene.dataset.importers.packed_set import (
    ImportedClip,
    ImportedSource,
    PackedSet,
    Waits,
    packing,
    read_clips,
    read_frame,
    refuse_too_large,
)
from skyscene.dataset.importers.policies import POLICIES, SPATIAL, check_ways
from skyscene.dataset.importers.survey import Shot, Survey
from skyscene.store import BuildFolder

Tick = Callable[[int, int], None]
"""Told how many of how many are packed."""

_VERSION = 2
_VAL = 0.05


def import_official(
    found: Survey,
    cache: Path,
    *,
    policy: str = "nonoverlap32",
    spatial: str = "squash",
    size: int = 128,
    seed: int = 0,
    tick: Tick | None = None,
    waits: Waits = lambda folder: None,
) -> Path:
    """Packs the clips of a survey into a build folder; what is there already is used as it is.

    A packing that was stopped goes on where it was.

    Where the set has no val, 5 % of the train videos are it, chosen by a hash of the video's id, and one at
    least where there are two.

    Args:
        found: What lies in the published folder.
        cache: Gets a folder named by everything that decides the clips.
        policy: Which frames become clips: a key of `POLICIES`.
        spatial: How a picture becomes a square: a key of `SPATIAL`.
        size: Side of the squares in pixels.
        seed: Of the choice of val.
        tick: Told how it goes.
        waits: Called with the folder where another command packs the same set now, which is waited for.

    Returns:
        The build folder. ``odd.json`` in it names everything that was left out.

    Raises:
        RecipeError: No such policy, or no such way to a square.
        StoreError: There is no clip, or no room for them.
    """
    check_ways(policy, spatial)
    folder = BuildFolder(cache / f"published-v{_VERSION}-{_digest(found, policy, spatial, size, seed)}")
    with packing(folder, waits) as needed:
        if needed:
            _pack(found, folder, policy, spatial, size, seed, tick)
    return folder.root


def _pack(
    found: Survey, folder: BuildFolder, policy: str, spatial: str, size: int, seed: int, tick: Tick | None
) -> None:
    windows = {shot.name: list(POLICIES[policy](shot)) for shot in found.shots}
    frames = sum(stop - start for places in windows.values() for start, stop in places)
    refuse_too_large(folder, frames, size, ", or choose --policy first32")
    val = _carved(found, windows, seed)
    videos: dict[tuple[str, str], list[Shot]] = defaultdict(list)
    for shot in found.shots:
        videos[shot.side, shot.video].append(shot)
    packed = PackedSet(folder, "published")
    for done, ((side, video), shots) in enumerate(sorted(videos.items()), 1):
        frames = sum(len(shot.files) for shot in shots)
        facts = {"kind": "youtube", "video_id": video, "official_split": side, "frames": frames}
        part, why = side, f"in sky_{side}"
        if video in val:
            part, why = "val", "of sky_train, by a hash of the video's id"
        files = [path for shot in shots for path in shot.files]
        read = partial(_clips, shots, windows, spatial, size)
        packed.add(ImportedSource(video, facts, part, why, files, read))
        if tick:
            tick(done, len(videos))
    packed.finish(found.odd)


def _carved(found: Survey, windows: Mapping[str, Sequence[tuple[int, int]]], seed: int) -> set[str]:
    """The videos of train that become val: 5 %, but one at least of two; none where the set has a val."""
    if found.has_val:
        return set()
    # A video without a clip cannot be what val lives on.
    videos = {shot.video for shot in found.shots if shot.side == "train" and windows[shot.name]}
    drawn = {video: _drawn(video, seed) for video in videos}
    chosen = {video for video in videos if drawn[video] < _VAL}
    if not chosen and len(videos) > 1:
        chosen = {min(videos, key=lambda video: (drawn[video], video))}
    return chosen


def _drawn(video: str, seed: int) -> float:
    """A number in [0, 1) that is always the same for a video."""
    digest = hashlib.sha256(f"{seed} {video}".encode("utf-8", "surrogateescape"))
    return int(digest.hexdigest()[:8], 16) / 2**32


def _clips(
    shots: Sequence[Shot],
    windows: Mapping[str, Sequence[tuple[int, int]]],
    spatial: str,
    size: int,
    odd: list[str],
) -> list[ImportedClip]:
    """The clips of some shots; one with a picture that cannot be read is left out and named."""
    places = [(shot, *window) for shot in shots for window in windows[shot.name]]
    return read_clips(lambda number: _clip(*places[number], spatial, size), len(places), odd)


def _clip(shot: Shot, start: int, stop: int, spatial: str, size: int) -> ImportedClip | str:
    """The clip of some frames, or what is wrong with them."""
    pictures = []
    for path in shot.files[start:stop]:
        picture = read_frame(path)
        if picture is None:
            return f"{shot.name}/{path.name}: cannot be read; its clip is left out"
        pictures.append(SPATIAL[spatial](picture, size))
    first, last = shot.frames[start], shot.frames[stop - 1]
    return ImportedClip(f"{shot.name}@{first}", shot.name, first, last + 1, np.stack(pictures))


def _digest(found: Survey, policy: str, spatial: str, size: int, seed: int) -> str:
    digest = hashlib.sha256(f"{policy} {spatial} {size} {seed}\n".encode())
    for line in _files(found):
        digest.update(line.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:16]


def _files(found: Survey) -> Iterator[str]:
    """Every frame's name and size: another copy of the same files has the same."""
    for shot in found.shots:
        for path in shot.files:
            yield f"{shot.side} {shot.name} {path.name} {path.stat().st_size}\n"
