"""The published Sky Time-lapse set packed once into a build folder, so that all that follows is one way."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from skyscene.dataset.importers.packed_set import (
    ImportedClip,
    PackedSet,
    Pixels,
    read_frame,
    refuse_too_large,
)
from skyscene.dataset.importers.policies import POLICIES, SPATIAL
from skyscene.dataset.importers.survey import Shot, Survey
from skyscene.errors import RecipeError
from skyscene.recipes import nearest
from skyscene.store import BuildFolder

Tick = Callable[[int, int], None]
"""Told how many of how many are packed."""

_VERSION = 1
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
) -> Path:
    """Packs the clips of a survey into a build folder; what is there already is used as it is.

    The set has no val: 5 % of the train videos are its val, chosen by a hash of the video's id.

    Args:
        found: What lies in the published folder.
        cache: Gets a folder named by everything that decides the clips.
        policy: Which frames become clips: a key of `POLICIES`.
        spatial: How a picture becomes a square: a key of `SPATIAL`.
        size: Side of the squares in pixels.
        seed: Of the choice of val.
        tick: Told how it goes.

    Returns:
        The build folder. ``odd.json`` in it names everything that was left out.

    Raises:
        RecipeError: No such policy.
        StoreError: There is no clip, or no room for them.
    """
    for name, known in ((policy, POLICIES), (spatial, SPATIAL)):
        if name not in known:
            raise RecipeError(f"no policy '{name}': {nearest(name, known)}")
    folder = BuildFolder(cache / f"published-v{_VERSION}-{_digest(found, policy, spatial, size, seed)}")
    if folder.clips.is_file():
        return folder.root
    windows = {shot.name: list(POLICIES[policy](shot)) for shot in found.shots}
    frames = sum(stop - start for places in windows.values() for start, stop in places)
    refuse_too_large(folder.root, frames, size, ", or choose --policy first32")
    videos: dict[tuple[str, str], list[Shot]] = defaultdict(list)
    for shot in found.shots:
        videos[shot.side, shot.video].append(shot)
    packed, odd = PackedSet(folder, "published"), list(found.odd)
    for done, ((side, video), shots) in enumerate(sorted(videos.items()), 1):
        chosen, why = _side(side, video, seed)
        clips = [clip for shot in shots for clip in _clips(shot, windows[shot.name], spatial, size, odd)]
        frames = sum(len(shot.files) for shot in shots)
        facts = {"kind": "youtube", "video_id": video, "official_split": side, "frames": frames}
        packed.add(video, facts, chosen, why, clips)
        if tick:
            tick(done, len(videos))
    packed.finish(odd)
    return folder.root


def _side(side: str, video: str, seed: int) -> tuple[str, str]:
    drawn = int(hashlib.sha256(f"{seed} {video}".encode()).hexdigest()[:8], 16) / 2**32
    if side == "train" and drawn < _VAL:
        return "val", "5 % of train by the video's id"
    return side, "published"


def _clips(
    shot: Shot, windows: list[tuple[int, int]], spatial: str, size: int, odd: list[str]
) -> Iterator[ImportedClip]:
    """The clips of a shot; one with a picture that cannot be read is left out and named."""
    for start, stop in windows:
        pixels_thwc = _read(shot, start, stop, spatial, size, odd)
        if pixels_thwc is not None:
            first, last = shot.frames[start], shot.frames[stop - 1]
            yield ImportedClip(f"{shot.name}@{first}", shot.name, first, last + 1, pixels_thwc)


def _read(shot: Shot, start: int, stop: int, spatial: str, size: int, odd: list[str]) -> Pixels | None:
    pictures = []
    for path in shot.files[start:stop]:
        picture = read_frame(path)
        if picture is None:
            odd.append(f"{shot.name}/{path.name}: cannot be read; its clip is left out")
            return None
        pictures.append(SPATIAL[spatial](picture, size))
    return np.stack(pictures)


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
