"""Tar shards as WebDataset reads them: ``train-000000.tar`` with ``CLIP_ID.json`` and ``CLIP_ID.mp4``."""

from __future__ import annotations

import io
import tarfile
from dataclasses import dataclass
from pathlib import Path

from skyscene.dataset.clip_set import ClipSet
from skyscene.dataset.exporters.facts import as_json, sides
from skyscene.dataset.exporters.protocol import Tick


@dataclass(frozen=True, slots=True)
class WebDatasetExporter:
    """The clips' own mp4 files, each with its index row, in order of clip id; the same bytes every time.

    Attributes:
        clips_a_shard: Most clips in one tar file.
    """

    clips_a_shard: int = 1000

    def __post_init__(self) -> None:
        if self.clips_a_shard < 1:
            raise ValueError(f"clips_a_shard = {self.clips_a_shard}: must be at least 1")

    def write(self, clips: ClipSet, path: Path, tick: Tick) -> None:
        """Writes the shards, clip by clip."""
        done = 0
        for side, chosen in sides(clips):
            for number, start in enumerate(range(0, len(chosen), self.clips_a_shard)):
                shard = chosen[start : start + self.clips_a_shard]
                with tarfile.open(path / f"{side}-{number:06d}.tar", "w", format=tarfile.USTAR_FORMAT) as tar:
                    for place, clip in enumerate(shard):
                        _add(tar, f"{clip.clip_id}.json", as_json(clip))
                        _add(tar, f"{clip.clip_id}.mp4", shard.file_bytes(place))
                        done += 1
                        tick(done)


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    # A fresh TarInfo: no time, no owner, mode 644.
    info = tarfile.TarInfo(name)
    info.size = len(data)
    tar.addfile(info, io.BytesIO(data))
