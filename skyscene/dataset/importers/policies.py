"""Which frames of a shot become clips, and how a wide picture becomes a square."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import cv2
import numpy as np
import numpy.typing as npt

from skyscene.dataset.importers.survey import LENGTH, Shot
from skyscene.errors import RecipeError
from skyscene.recipes import nearest

Picture = npt.NDArray[np.uint8]
Windows = Iterator[tuple[int, int]]
"""Places in a shot's frames, half-open."""
_SHORT = 16


def nonoverlap32(shot: Shot) -> Windows:
    """Every window of 32 that touches no other and no gap: the clips the papers count."""
    for start, stop in shot.runs():
        for first in range(start, stop - LENGTH + 1, LENGTH):
            yield first, first + LENGTH


def first32(shot: Shot) -> Windows:
    """The first 32 frames of a shot and nothing else: MD-GAN's own loader (which does not look for gaps)."""
    start, stop = next(shot.runs())
    if stop - start >= LENGTH:
        yield start, start + LENGTH


def ge33_first32(shot: Shot) -> Windows:
    """The first 32 frames of shots of at least 33: DTVNet's and cINN's 153 test clips, but for gaps."""
    if len(shot.frames) > LENGTH:
        yield from first32(shot)


def window16(shot: Shot) -> Windows:
    """Every window of 16 that touches no other and no gap."""
    for start, stop in shot.runs():
        for first in range(start, stop - _SHORT + 1, _SHORT):
            yield first, first + _SHORT


POLICIES: Mapping[str, Callable[[Shot], Windows]] = {
    "nonoverlap32": nonoverlap32,
    "first32": first32,
    "ge33-first32": ge33_first32,
    "window16": window16,
}


def clip_length(policy: str) -> int:
    """Frames of a policy's clips.

    >>> clip_length("first32"), clip_length("window16")
    (32, 16)
    """
    return _SHORT if policy == "window16" else LENGTH


def squash(picture_hwc: Picture, size: int) -> Picture:
    """The whole picture, its shape given up: MD-GAN, DTVNet, cINN."""
    return np.asarray(cv2.resize(picture_hwc, (size, size), interpolation=cv2.INTER_AREA), np.uint8)


def centercrop(picture_hwc: Picture, size: int) -> Picture:
    """The middle square: MoCoGAN-HD, TATS, StyleGAN-V and later ones."""
    height, width = picture_hwc.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return squash(picture_hwc[top : top + side, left : left + side], size)


SPATIAL: Mapping[str, Callable[[Picture, int], Picture]] = {"squash": squash, "centercrop": centercrop}


def check_ways(policy: str, spatial: str) -> None:
    """Sees that a policy and a way to a square are known.

    Raises:
        RecipeError: One is not; both faults at once.
    """
    given = (("--policy", policy, POLICIES), ("--spatial", spatial, SPATIAL))
    faults = [
        f"no {option} '{name}': {nearest(name, known)}" for option, name, known in given if name not in known
    ]
    if faults:
        raise RecipeError(faults)
