"""Clips and frames as raters get them: one encoder, one size, one time, opaque names, no metadata."""

from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from skyscene.errors import StudyError
from skyscene.media import write_film
from skyscene.study.key import Secret
from skyscene.study.trials import NOISE, SHUFFLED

Pixels = npt.NDArray[np.uint8]

CRF = 10
"""Of x264: at 64 pixels its errors are under a grey level on average."""
_BOX_HEAD = 8
_EPOCH = 1_577_836_800
"""2020-01-01, the time of every public file."""


def write_clip(path: Path, clip_thwc: Pixels, fps: float) -> None:
    """A clip as an mp4 without sound or metadata.

    Raises:
        MediaError: The encoder refuses.
    """
    write_film(path, iter(clip_thwc), fps, crf=CRF, preset="slow")


def write_frame(path: Path, frame_hwc: Pixels) -> None:
    """A frame as a PNG without metadata.

    Raises:
        StudyError: It cannot be written.
    """
    coded, data = cv2.imencode(
        ".png", np.ascontiguousarray(frame_hwc[..., ::-1]), [cv2.IMWRITE_PNG_COMPRESSION, 0]
    )
    if not coded:
        raise StudyError(f"{path} cannot be encoded")
    path.write_bytes(data.tobytes())


def spoiled(how: str, clip_thwc: Pixels, secret: Secret, clip_id: str) -> Pixels:
    """A real clip that nobody takes for real.

    Args:
        how: `NOISE`: heavy noise that changes with every frame. `SHUFFLED`: the frames in another order,
            every other one mirrored, so that it shows on a still sky too.
        clip_thwc: uint8.
        secret: Where the noise and the order come from.
        clip_id: Which clip it is.

    Returns:
        uint8 of the same shape.
    """
    rng = np.random.default_rng(list(secret.digest("spoiled", how, clip_id)))
    if how == NOISE:
        noise = rng.normal(0, 50, clip_thwc.shape)
        return np.clip(clip_thwc + noise, 0, 255).round().astype(np.uint8)
    if how != SHUFFLED:
        raise ValueError(how)
    mixed = clip_thwc[rng.permutation(len(clip_thwc))].copy()
    mixed[1::2] = mixed[1::2, :, ::-1]
    return mixed


def level_sizes(folder: Path) -> None:
    """Makes all mp4 files of a folder as long as the longest: else a file's size would tell who drew it.

    What is added is a ``free`` box at the end, which players skip. Pictures are stored without compression
    and have one size anyway.
    """
    films = sorted(folder.glob("*.mp4"))
    longest = max((path.stat().st_size for path in films), default=0) + _BOX_HEAD
    for path in films:
        with path.open("ab") as file:
            length = longest - file.tell()
            file.write(length.to_bytes(4, "big") + b"free" + bytes(length - _BOX_HEAD))


def settle_times(folder: Path) -> None:
    """Gives every file and folder one time: the order in which they were made says nothing."""
    for path in [*folder.rglob("*"), folder]:
        os.utime(path, (_EPOCH, _EPOCH))
