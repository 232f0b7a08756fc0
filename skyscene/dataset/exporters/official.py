"""The layout of the published Sky Time-lapse data set, which every loader of it reads.

::

    manifest.csv                                          clip_id, clip_key, split, folder, frames, ...
    sky_train/ID/ID_1/ID_frames_00000001.jpg ... 00000032.jpg
    sky_val/...   sky_test/...

ID is the video id, else the source's file name made safe and unique. Each clip is a "short video" of its
own, numbered from 1 within its video. The published ones have 2 to over 100 frames with gaps in between,
and loaders read the first 32 and drop the rest, or fail; of a folder a clip, each reads exactly the clip.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import cv2

from skyscene.dataset.clip_set import ClipSet
from skyscene.dataset.exporters.names import video_names
from skyscene.dataset.exporters.protocol import Tick
from skyscene.dataset.frame_cache import Pixels
from skyscene.dataset.threads import in_threads
from skyscene.errors import StoreError

MANIFEST = "manifest.csv"

_COLUMNS = ("clip_id", "clip_key", "source_id", "split", "folder", "frames", "width", "height")
# 4:4:4: the clips' colour was halved once already. No optimised tables: the bytes are to stay the same.
_JPEG = [
    cv2.IMWRITE_JPEG_QUALITY,
    95,
    cv2.IMWRITE_JPEG_SAMPLING_FACTOR,
    cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
    cv2.IMWRITE_JPEG_OPTIMIZE,
    0,
    cv2.IMWRITE_JPEG_PROGRESSIVE,
    0,
]


@dataclass(frozen=True, slots=True)
class OfficialExporter:
    """Frames as JPEG files of quality 95, at the size of the clips."""

    def write(self, clips: ClipSet, path: Path, tick: Tick) -> None:
        """Writes the folders and the manifest, clip by clip."""
        names = video_names(clips.folder)
        numbers: Counter[str] = Counter()
        with (path / MANIFEST).open("w", encoding="utf-8", newline="") as file:
            manifest = csv.writer(file, lineterminator="\n")
            manifest.writerow(_COLUMNS)
            folders = []
            for clip in clips:
                name = names[clip.source_id]
                numbers[name] += 1
                folders.append(Path(f"sky_{clip.split}", name, f"{name}_{numbers[name]}"))

            def frames_of(place: int) -> int:
                pixels = clips.video(place)
                write_frames(path / folders[place], folders[place].parent.name, pixels)
                return len(pixels)

            for place, (clip, folder, frames) in enumerate(
                zip(clips, folders, in_threads(frames_of, len(clips)), strict=True)
            ):
                facts = (clip.clip_id, clip.clip_key, clip.source_id, clip.split, folder.as_posix())
                manifest.writerow((*facts, frames, clip.width, clip.height))
                tick(place + 1)


def write_frames(folder: Path, name: str, pixels: Pixels) -> None:
    """Writes the frames of a clip, numbered from 1.

    Args:
        folder: Is made.
        name: What the files' names begin with.
        pixels: uint8 RGB, shape (frames, height, width, 3).

    Raises:
        StoreError: A frame cannot be encoded.
    """
    folder.mkdir(parents=True)
    for number, picture in enumerate(pixels, 1):
        done, jpeg = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), _JPEG)
        if not done:
            raise StoreError(f"a frame of {folder.name} cannot be written as JPEG")
        (folder / f"{name}_frames_{number:08d}.jpg").write_bytes(jpeg.tobytes())
