"""The published set packed once into a build folder, so that all that follows is one way."""

from __future__ import annotations

import hashlib
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from skyscene.dataset.importers.policies import POLICIES, SPATIAL
from skyscene.dataset.importers.survey import Shot, Survey
from skyscene.errors import RecipeError, StoreError
from skyscene.recipes import nearest
from skyscene.store import BuildFolder, replacing, schema, write_json, write_rows

Pixels = npt.NDArray[np.uint8]
Tick = Callable[[int, int], None]
"""Told how many videos of how many are packed."""

_VERSION = 1
_VAL = 0.05
_FPS = 25.0


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
    _refuse_too_large(folder.root, windows, size, found)
    packer = _Packer(folder, windows, spatial, size, seed)
    videos: dict[tuple[str, str], list[Shot]] = defaultdict(list)
    for shot in found.shots:
        videos[shot.side, shot.video].append(shot)
    for done, ((side, video), shots) in enumerate(sorted(videos.items()), 1):
        packer.add(side, video, shots)
        if tick:
            tick(done, len(videos))
    packer.finish(list(found.odd))
    return folder.root


class _Packer:
    def __init__(
        self,
        folder: BuildFolder,
        windows: dict[str, list[tuple[int, int]]],
        spatial: str,
        size: int,
        seed: int,
    ) -> None:
        self._folder, self._windows, self._size, self._seed = folder, windows, size, seed
        self._to_square = SPATIAL[spatial]
        self._sources: list[dict[str, Any]] = []
        self._clips: list[dict[str, Any]] = []
        self._sides: list[dict[str, Any]] = []
        self._odd: list[str] = []

    def add(self, side: str, video: str, shots: list[Shot]) -> None:
        """Packs the clips of one video; a clip with a picture that cannot be read is left out and named."""
        source_id = hashlib.sha256(f"published {video}".encode()).hexdigest()[:16]
        packed: list[Pixels] = []
        chosen = self._side(side, video)
        for shot in shots:
            for start, stop in self._windows[shot.name]:
                clip_thwc = self._read(shot, start, stop)
                if clip_thwc is not None:
                    self._clips.append(
                        self._row(source_id, chosen, shot, start, stop, len(packed), clip_thwc)
                    )
                    packed.append(clip_thwc)
        frames = sum(len(shot.files) for shot in shots)
        self._sources.append(
            {
                "ref_id": f"published-{video}",
                "source_id": source_id,
                "status": "done",
                "kind": "youtube",
                "video_id": video,
                "frames": frames,
                "official_split": side,
            }
        )
        if packed:
            path = self._folder.cache(source_id)
            with replacing(path) as temporary, temporary.open("wb") as file:
                np.save(file, np.stack(packed))
            why = "published" if chosen == side else "5 % of train by the video's id"
            self._sides.append({"source_id": source_id, "group_id": source_id, "side": chosen, "why": why})

    def finish(self, odd: list[str]) -> None:
        """Writes the tables; the clips last, which makes the folder whole."""
        if not self._clips:
            raise StoreError("no shot is long enough for a clip of this policy")
        write_json(self._folder.root / "odd.json", odd + self._odd)
        write_rows(self._folder.sources, self._sources, schema("sources"))
        write_rows(self._folder.assignments, self._sides, schema("assignments"))
        rows = sorted(self._clips, key=lambda row: (row["source_id"], row["cache_row"]))
        write_rows(self._folder.clips, rows, schema("clips"))

    def _side(self, side: str, video: str) -> str:
        drawn = int(hashlib.sha256(f"{self._seed} {video}".encode()).hexdigest()[:8], 16) / 2**32
        return "val" if side == "train" and drawn < _VAL else side

    def _read(self, shot: Shot, start: int, stop: int) -> Pixels | None:
        pictures = []
        for path in shot.files[start:stop]:
            picture = _picture(path)
            if picture is None:
                self._odd.append(f"{shot.name}/{path.name}: cannot be read; its clip is left out")
                return None
            pictures.append(self._to_square(picture, self._size))
        return np.stack(pictures)

    def _row(
        self, source_id: str, side: str, shot: Shot, start: int, stop: int, place: int, clip_thwc: Pixels
    ) -> dict[str, Any]:
        key = f"{shot.name}@{shot.frames[start]}"
        return {
            "clip_id": hashlib.sha256(f"published {key} {stop - start}".encode()).hexdigest()[:16],
            "clip_key": key,
            "source_id": source_id,
            "scene_id": shot.name,
            "frame_start": shot.frames[start],
            "frame_stop": shot.frames[stop - 1] + 1,
            "fps": _FPS,
            "width": self._size,
            "height": self._size,
            "kept": True,
            "reasons": [],
            "details": [],
            "state": "encoded",
            "split": side,
            "cache_row": place,
            "cache_sha256": hashlib.sha256(clip_thwc.tobytes()).hexdigest(),
        }


def _picture(path: Path) -> Pixels | None:
    """A JPEG as RGB; none where it cannot be read."""
    try:
        data = np.fromfile(path, np.uint8)
        found = cv2.imdecode(data, cv2.IMREAD_COLOR_RGB) if len(data) else None
    except (OSError, cv2.error):
        return None
    return None if found is None else np.asarray(found, np.uint8)


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


def _refuse_too_large(
    root: Path, windows: dict[str, list[tuple[int, int]]], size: int, found: Survey
) -> None:
    frames = sum(stop - start for places in windows.values() for start, stop in places)
    wanted = frames * size * size * 3
    root.parent.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(root.parent).free
    if wanted > free:
        raise StoreError(
            f"the clips of {found.root} take {wanted / 2**30:.0f} GiB packed, {root.parent} has "
            f"{free / 2**30:.0f} GiB: set SKYSCENE_CACHE to a larger disk, or choose --policy first32"
        )
