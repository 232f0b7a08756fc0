"""Clips of noise, written in every way that is read."""

from __future__ import annotations

from pathlib import Path

import av
import cv2
import numpy as np
import numpy.typing as npt

from skyscene.media import write_film

Clip = npt.NDArray[np.uint8]


def clip_of(seed: int, frames: int = 32, size: int = 64) -> Clip:
    return np.random.default_rng(seed).integers(0, 256, (frames, size, size, 3), np.uint8)


def as_npy(base: Path, clip: Clip) -> None:
    base.parent.mkdir(parents=True, exist_ok=True)
    np.save(base.with_name(f"{base.name}.npy"), clip)


def as_pictures(base: Path, clip: Clip, ending: str = "png") -> None:
    base.mkdir(parents=True)
    for k, rgb in enumerate(clip):
        cv2.imwrite(str(base / f"{k}.{ending}"), rgb[..., ::-1])


def as_jpeg(base: Path, clip: Clip) -> None:
    as_pictures(base, clip, "jpg")


def as_ffv1(base: Path, clip: Clip) -> None:
    base.parent.mkdir(parents=True, exist_ok=True)
    with av.open(f"{base}.mkv", "w") as container:
        stream = container.add_stream("ffv1", rate=25)
        stream.height, stream.width, stream.pix_fmt = *clip.shape[1:3], "bgr0"
        for rgb in clip:
            frame = av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(format="bgr0")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def as_mp4(base: Path, clip: Clip) -> None:
    base.parent.mkdir(parents=True, exist_ok=True)
    write_film(Path(f"{base}.mp4"), iter(clip))
