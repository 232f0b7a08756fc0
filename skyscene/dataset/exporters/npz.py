"""One NumPy archive a split: ``train.npz`` with the arrays ``clips``, ``clip_id`` and ``source_id``."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import numpy as np

from skyscene.dataset.clip_set import ClipSet
from skyscene.dataset.exporters.protocol import Tick
from skyscene.errors import StoreError
from skyscene.records import Side


@dataclass(frozen=True, slots=True)
class NpzExporter:
    """The cached frames, uint8 RGB (clips, frames, height, width, 3), in the order of the index.

    Nothing is compressed, and one clip at a time is in memory. ``np.load`` reads ``clips`` whole: 1.5 MB a
    clip at 128 pixels. The same clips give the same bytes.
    """

    def write(self, clips: ClipSet, path: Path, tick: Tick) -> None:
        """Writes the archives, clip by clip."""
        done = 0
        for side in get_args(Side):
            chosen = clips.where(split=side)
            if len(chosen):
                write_archive(chosen, path / f"{side}.npz", tick, done)
                done += len(chosen)


def write_archive(clips: ClipSet, path: Path, tick: Tick, done: int) -> None:
    """Writes one archive.

    Args:
        clips: At least one.
        path: The file.
        tick: Told how many clips are written so far.
        done: How many were before.

    Raises:
        StoreError: The clips are not all of one shape.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        shape = clips.frames(0).shape
        with archive.open(_member("clips"), "w", force_zip64=True) as file:
            head = {"descr": "|u1", "fortran_order": False, "shape": (len(clips), *shape)}
            np.lib.format.write_array_header_1_0(file, head)
            for place, (pixels,) in enumerate(clips.arrays(1)):
                if pixels.shape != shape:
                    raise StoreError(f"clip {clips[place].clip_id} has frames of {pixels.shape}, not {shape}")
                file.write(pixels.data)
                tick(done + place + 1)
        for name in ("clip_id", "source_id"):
            with archive.open(_member(name), "w", force_zip64=True) as file:
                np.lib.format.write_array(file, np.array(clips.table[name].to_pylist()), allow_pickle=False)


def _member(name: str) -> zipfile.ZipInfo:
    # The date is fixed: the first one that the format knows.
    member = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
    member.create_system, member.external_attr = 3, 0o644 << 16
    return member
