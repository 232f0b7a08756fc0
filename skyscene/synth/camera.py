"""Camera moves: the whole picture, ground and all, is resampled as if the camera had moved."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
import numpy.typing as npt

from skyscene.records import Interval
from skyscene.synth.frame import Frame, Stream
from skyscene.synth.noise import stream


def zoom(frames: Iterable[Frame], interval: Interval, percent: float) -> Stream:
    """A steady zoom about the middle (Ken Burns), ``percent`` a frame larger; below 0 it zooms out.

    Every frame of the interval is larger than the one before it. Before it the camera is still, and after
    it stays where the zoom ended, so that no cut is planted. No edge is ever seen.
    """
    rate = 1 + percent / 100
    start = 1.0 if percent >= 0 else rate ** -float(interval.length)
    for index, frame in enumerate(frames):
        yield _resampled(frame, start * rate ** _steps(index, interval), 0.0, 0.0)


def pan(
    frames: Iterable[Frame],
    interval: Interval,
    step: tuple[float, float],
    size: tuple[int, int] | None = None,
) -> Stream:
    """A steady pan, ``step`` pixels a frame (camera to the right, down), symmetric about the middle.

    Every frame of the interval is displaced from the one before it; the camera is still before and after.

    Args:
        frames: The stream. Where the frames are wider than ``size``, that is the room to pan in; where
            they are too small, all of them are magnified until no edge is seen.
        interval: The frames that move.
        step: Pixels of the output a frame.
        size: (width, height) of the output; none for the size of the frames.
    """
    width, height = size if size is not None else (0, 0)
    total = (step[0] * interval.length, step[1] * interval.length)
    for index, frame in enumerate(frames):
        if not width:
            height, width = frame.shape[:2]
        scale = max(1.0, (width + abs(total[0])) / frame.shape[1], (height + abs(total[1])) / frame.shape[0])
        done = _steps(index, interval) - interval.length / 2
        yield _resampled(frame, scale, step[0] * done, step[1] * done, (width, height))


def shake(frames: Iterable[Frame], interval: Interval, pixels: float, seed: int = 0) -> Stream:
    """A hand-held camera within the interval: each frame is off by up to ``pixels`` either way.

    All frames are magnified by the same margin, so that no edge is seen and the rest stands still.
    """
    offsets = stream(seed, "shake").uniform(-pixels, pixels, (interval.length, 2))
    for index, frame in enumerate(frames):
        scale = 1 + 2 * pixels / min(frame.shape[:2])
        x, y = offsets[index - interval.start] if index in interval else (0.0, 0.0)
        yield _resampled(frame, scale, float(x), float(y))


def _steps(index: int, interval: Interval) -> int:
    """How many frames of the interval have been shown, frame ``index`` among them."""
    return min(max(index + 1 - interval.start, 0), interval.length)


def _resampled(
    frame: Frame, scale: float, right: float, down: float, size: tuple[int, int] | None = None
) -> Frame:
    """The frame magnified about its middle, seen by a camera moved by (right, down) output pixels."""
    height, width = frame.shape[:2]
    out_width, out_height = size or (width, height)
    if scale == 1 and right == down == 0 and (out_width, out_height) == (width, height):
        return frame
    matrix: npt.NDArray[np.float64] = np.array([
        [1 / scale, 0, (width - 1) / 2 + (right - (out_width - 1) / 2) / scale],
        [0, 1 / scale, (height - 1) / 2 + (down - (out_height - 1) / 2) / scale],
    ])  # fmt: skip
    out = np.empty((out_height, out_width, 3), np.uint8)
    cv2.warpAffine(
        frame,
        matrix,
        (out_width, out_height),
        dst=out,
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return out
