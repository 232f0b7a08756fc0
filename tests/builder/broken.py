"""A built folder that may be broken by hand, with its sources at hand or without."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from skyscene.builder import split, verify
from skyscene.builder.cutting import CacheScaler
from skyscene.builder.recipe import CacheSettings
from skyscene.media import ClipSettings, Decoder, MediaLimits, Scaler, Size, encode_clip
from skyscene.store import BuildFolder

Row = dict[str, Any]
Named = set[tuple[str, str]]

LIMITS = MediaLimits(max_megapixels=50, max_frames=0, max_minutes=5, max_memory_mb=0, spool_mb=64)


@dataclass(frozen=True)
class Broken:
    """A copy of a sound folder.

    Attributes:
        root: The folder.
        films: The sources it was built from, for making other clips of them.
        at_hand: Whether the index's paths lead to them.
        executor: Where to verify.
    """

    root: Path
    films: Path
    at_hand: bool
    executor: Any

    def rows(self, table: str) -> list[Row]:
        """A table's rows."""
        return pq.read_table(self.root / f"{table}.parquet").to_pylist()

    def edit(self, table: str, change: Callable[[list[Row]], list[Row]]) -> None:
        """Writes a table's rows anew."""
        path = self.root / f"{table}.parquet"
        old = pq.read_table(path)
        pq.write_table(pa.Table.from_pylist(change(old.to_pylist()), schema=old.schema), path)

    def alter(self, table: str, key: str, value: str, **columns: Any) -> None:
        """Changes some columns of one row."""
        self.edit(table, lambda rows: [row | columns if row[key] == value else row for row in rows])

    def agree(self, clip: Row, **columns: Any) -> None:
        """Changes a clip's row and its commit alike, as a build that erred would have written them."""
        self.alter("clips", "clip_id", clip["clip_id"], **columns)
        path = BuildFolder(self.root).content(clip["source_id"])
        commit = json.loads(path.read_text())
        commit["clips"] = [
            row | columns if row["clip_id"] == clip["clip_id"] else row for row in commit["clips"]
        ]
        path.write_text(json.dumps(commit))

    @property
    def kept(self) -> list[Row]:
        """The three clips of a.mp4."""
        source = next(row["source_id"] for row in self.rows("sources") if row["path"].endswith("a.mp4"))
        return [clip for clip in self.rows("clips") if clip["source_id"] == source]

    def planes(self, clip: Row, frames: Sequence[int]) -> list[np.ndarray]:
        """Frames of a.mp4 as a build would scale them."""
        scale = Scaler(Size(clip["width"], clip["height"]), 0, "bicubic")
        with Decoder(self.films / "a.mp4", LIMITS) as decoder:
            planes = [scale(decoded.picture) for decoded in decoder]
        return [planes[k] for k in frames]

    def recut(self, clip: Row, frames: Sequence[int], *, agreed: bool = False) -> None:
        """Writes a clip's file with other frames; with ``agreed`` the index says their hash."""
        size = Size(clip["width"], clip["height"])
        settings = ClipSettings(long_side=640, crf=12, preset="ultrafast")
        path = self.root / clip["path"]
        encode_clip(path, self.planes(clip, frames), size, clip["fps"], "bt709", settings)
        if agreed:
            self.agree(clip, sha256=hashlib.sha256(path.read_bytes()).hexdigest())

    def repack(self, clip: Row, frames: Sequence[int]) -> None:
        """Writes a clip's cache row with other frames, and its hash into the index."""
        to_cache = CacheScaler(CacheSettings(size=(32, 24), fit="squash"), "bt709")
        packed = np.load(BuildFolder(self.root).cache(clip["source_id"]), mmap_mode="r+")
        packed[clip["cache_row"]] = [to_cache(planes) for planes in self.planes(clip, frames)]
        packed.flush()
        self.agree(clip, cache_sha256=hashlib.sha256(packed[clip["cache_row"]].tobytes()).hexdigest())

    def named(self) -> Named:
        """What verify names: promise and where."""
        report = verify(self.root, executor=self.executor)
        return {(fault.promise, fault.where) for fault in report.faults}

    def said(self) -> str:
        """All that verify says of faults."""
        return "\n".join(str(fault) for fault in verify(self.root, executor=self.executor).faults)


def copy(sound: Path, films: Path, to: Path, at_hand: bool, executor: Any) -> Broken:
    """A copy of a sound, split folder, with sources of its own, or with none."""
    shutil.copytree(sound, to / "set")
    broken = Broken(to / "set", films, at_hand, executor)
    mine = to / "films"
    if at_hand:
        shutil.copytree(films, mine)
    # The references' own files must say the same, or the table would differ from its commits.
    for path in BuildFolder(broken.root).refs.glob("*.json"):
        ref = json.loads(path.read_text())
        ref["path"] = str(mine / Path(ref["path"]).name)
        path.write_text(json.dumps(ref))
    broken.edit(
        "sources",
        lambda rows: [row | {"path": str(mine / Path(row["path"]).name)} for row in rows],
    )
    return broken


def divided(folder: Path) -> Path:
    """The folder, split."""
    split(folder, val=0.3, test=0.3)
    return folder
