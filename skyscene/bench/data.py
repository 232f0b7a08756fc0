"""The clips a run is trained and scored on, and the hash that names them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from skyscene.bench.recipe import BenchmarkRecipe
from skyscene.dataset import ClipSet, open_clips
from skyscene.errors import BenchError
from skyscene.nets.mdgan_generator import FRAMES
from skyscene.store import BuildFolder, read_assignments

SIDES = ("train", "val", "test")
_LEAST = {"train": 2, "val": 1, "test": 1}
Kind = Literal["folder", "published", "strips", "drawn"]
"""Where a build folder comes from: made by the user, or packed or drawn into the cache folder."""


@dataclass(frozen=True, slots=True)
class Cures:
    """What to do about clips that do not fit; ``{folder}`` and ``{size}`` (that is scored) are filled in.

    Attributes:
        few: Where a side has too few clips.
        length: Where clips are not as long as the models'.
        shape: Where pictures are too small or not square.
    """

    few: str
    length: str
    shape: str


_LARGER = "make data.size of the benchmark's recipe at least {size}"
CURES: Mapping[Kind, Cures] = {
    "folder": Cures(
        # A source keeps its side, so that other shares alone would move nothing.
        "give `skyscene build` more sources and run `skyscene split {folder} --by-source` again, or delete "
        "assignments.parquet there and split with other shares",
        f"build another folder with --set windows.length={FRAMES}",
        "build another folder with --set 'cache.size=[{size},{size}]'",
    ),
    "published": Cures(
        "put more videos into that side's folder (val is sky_val, or some of sky_train where that has two "
        "videos with clips), or choose --policy nonoverlap32, which finds the most clips",
        "choose --policy nonoverlap32, first32 or ge33-first32",
        _LARGER,
    ),
    "strips": Cures(
        "put more of the listed strips into frames-stable-many, or change data.test and data.val of the "
        "benchmark's recipe",
        f"list strips of at least {FRAMES} frames",
        _LARGER,
    ),
    "drawn": Cures(
        "raise data.sources of the benchmark's recipe, or its data.val and data.test",
        "delete the folder, and it is drawn again",
        _LARGER,
    ),
}


@dataclass(frozen=True, slots=True)
class BenchData:
    """The three sides, each in order of clip ids.

    Attributes:
        folder: The build folder.
        sides: Side to clips.
        manifest_hash: Of every clip's id, side and stored bytes: equal data, equal hash.
        size: Side of the stored pictures in pixels.
        group_of: Source to the group that the split kept together.
    """

    folder: Path
    sides: Mapping[str, ClipSet]
    manifest_hash: str
    size: int
    group_of: Mapping[str, str]

    def stored(self, side: str, places: Sequence[int] | npt.NDArray[np.int64]) -> Tensor:
        """Some clips as they are stored: uint8, (b, t, h, w, 3)."""
        clips = self.sides[side]
        return torch.from_numpy(np.stack([clips.frames(int(place)) for place in places]))

    def blocks(self, side: str, most: int) -> Iterator[range]:
        """The places of a side in order, so many at once."""
        count = len(self.sides[side])
        for start in range(0, count, most):
            yield range(start, min(start + most, count))

    def ids(self, side: str) -> list[str]:
        """Clip ids of a side."""
        found: list[str] = self.sides[side].table["clip_id"].to_pylist()
        return found

    def groups(self, side: str) -> list[str]:
        """The split group of each clip of a side: clips of one group are not independent."""
        return [self.group_of[source] for source in self.sides[side].table["source_id"].to_pylist()]


def open_data(folder: Path, benchmark: BenchmarkRecipe, kind: Kind = "folder") -> BenchData:
    """The clips of a build folder for a benchmark.

    Args:
        folder: The build folder.
        benchmark: The benchmark.
        kind: Where the folder comes from, which decides what to do where it does not fit.

    Raises:
        StoreError: It is no build folder, or has no split.
        BenchError: A side has too few clips, or the clips are of another length, shape or size.
    """
    cures = CURES[kind]
    clips = open_clips(folder)
    if not len(clips):
        raise BenchError(f"{folder} has no kept clip with a file: `skyscene report {folder}` says why")
    sides = {side: clips.split(side).sorted_by_id() for side in SIDES}
    few = [
        f"{side} has {len(sides[side])} clips, at least {least} are needed"
        for side, least in _LEAST.items()
        if len(sides[side]) < least
    ]
    if few:
        raise BenchError(f"{folder}: {'; '.join(few)}: {cures.few.format(folder=folder)}")
    frames, height, width, _ = clips.frames(0).shape
    if frames != FRAMES:
        raise BenchError(
            f"{folder}: its clips have {frames} frames, the models draw {FRAMES}: {cures.length}"
        )
    if height != width or height < benchmark.size:
        raise BenchError(
            f"{folder}: its packed frames are {width}x{height}, a square of at least {benchmark.size} is "
            f"needed: {cures.shape.format(size=benchmark.size)}"
        )
    group_of = {found.source_id: found.group_id for found in read_assignments(BuildFolder(folder))}
    return BenchData(folder, sides, manifest_hash(sides), height, group_of)


def manifest_hash(sides: Mapping[str, ClipSet]) -> str:
    """Hash of which clips are on which side, with the hash of their stored bytes; 16 digits."""
    digest = hashlib.sha256()
    for side in SIDES:
        table = sides[side].table
        for clip_id, stored in zip(
            table["clip_id"].to_pylist(), table["cache_sha256"].to_pylist(), strict=True
        ):
            digest.update(f"{side} {clip_id} {stored}\n".encode())
    return digest.hexdigest()[:16]
