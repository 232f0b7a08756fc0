"""A clip's decoded frames against what they must show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from skyscene.builder.fault import Fault
from skyscene.media import Size
from skyscene.records import Crop

Planes = npt.NDArray[np.uint8]
Luma = npt.NDArray[np.float32]
Row = dict[str, Any]

_CLEARLY = 0.6
"""A single frame is a neighbour's if that one's error is under this share of its own."""
_ON_THE_WHOLE = 0.97
"""A clip is shifted if a neighbour's error, summed over its frames, is under this share of its own."""
_ANOTHER = 650.0
"""A clip shows something else if its mean squared error is over this (under 20 dB)."""

_TILES_CLEARLY = 0.75
_TILES_LEAST = 0.03
_TILES_SURE = -6.0
"""The same on tile means: a share of the error and its least size in levels², or standard errors."""
_NEAR = 64
"""Frames on either side among which the columns are searched for a better place."""


@dataclass(frozen=True, slots=True)
class Original:
    """A clip's frames as its source has them, in the clip's size.

    Attributes:
        around: Luma, scaled by another library than the build's, with the frame before the first and the
            one after the last; none at the source's ends.
        planes: The clip's own frames as the build scales them.
    """

    around: Sequence[Luma | None]
    planes: Sequence[Planes]


def luma_of(planes: Planes) -> Luma:
    """The luma of YUV 4:2:0 planes."""
    return planes[: planes.shape[0] * 2 // 3].astype(np.float32)


def against_source(clip: Row, decoded: Sequence[Planes], original: Original) -> Iterator[Fault]:
    """Whether each decoded frame matches its own source frame, and better than the ones beside it."""
    chroma = [
        _error(one[len(one) * 2 // 3 :], other[len(other) * 2 // 3 :])
        for one, other in zip(decoded, original.planes, strict=True)
    ]
    what = _mismatch(list(map(luma_of, decoded)), original.around, clip["frame_start"], "the source's frame")
    if what is None and np.mean(chroma) > _ANOTHER:
        what = "does not show its source's colours"
    if what is not None:
        yield Fault("frames", clip["clip_id"], what)


def against_cache(
    decoded: Sequence[npt.NDArray[np.uint8]], cached: Sequence[npt.NDArray[np.uint8]]
) -> str | None:
    """What is wrong between a clip's frames, in the cache's size, and its cache row; none if nothing."""
    around = [None, *(picture.astype(np.float32) for picture in cached), None]
    return _mismatch([picture.astype(np.float32) for picture in decoded], around, 0, "the cache's frame")


def _mismatch(shown: Sequence[Luma], around: Sequence[Luma | None], first: int, called: str) -> str | None:
    """How frames fail to match those of ``around[1:-1]``; none where they match."""
    errors = {-1: 0.0, 0: 0.0, 1: 0.0}
    for index, frame in enumerate(shown):
        meant = around[1 + index]
        own = float("inf") if meant is None else _error(frame, meant)
        errors[0] += own
        for shift in (-1, 1):
            beside = around[1 + index + shift]
            other = own if beside is None else _error(frame, beside)
            errors[shift] += other
            if other < _CLEARLY * own and own < _ANOTHER:
                number = first + index
                return f"frame {index} should be {called} {number}, but matches {number + shift} better"
    if errors[0] > _ANOTHER * len(shown):
        return f"does not show {called}s {first}-{first + len(shown)}"
    for shift, word in ((-1, "earlier"), (1, "later")):
        if errors[shift] < _ON_THE_WHOLE * errors[0]:
            return f"matches {called}s one {word} better than its own"
    return None


def _error(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> float:
    """Mean squared difference; infinite where the sizes differ."""
    if one.shape != other.shape:
        return float("inf")
    return float(np.mean(np.square(one.astype(np.float32) - other))) + 1e-3


class Tiles:
    """The stored tile means of one source: enough to tell which frames a clip shows without the source.

    Args:
        stored: A row of tile means a frame, row by row from the top left.
        columns: Tiles from left to right.
    """

    def __init__(self, stored: npt.NDArray[Any], columns: int) -> None:
        self._stored = stored.astype(np.float32)
        self._grid = (columns, stored.shape[1] // columns)

    def mismatch(
        self, clip: Row, decoded: Sequence[Planes], inside: Crop, scaled: Size, others: Iterable[int]
    ) -> str | None:
        """What is wrong with a clip's frames by the columns; none if nothing.

        Args:
            clip: Its row.
            decoded: Its frames.
            inside: The part of the scaled picture they show.
            scaled: The whole scaled picture.
            others: Where the source's other clips start.
        """
        start, length = int(clip["frame_start"]), len(decoded)
        border = (
            (inside.y, scaled.height - inside.y - inside.height),
            (inside.x, scaled.width - inside.x - inside.width),
        )
        shown = np.stack([self._tile(luma_of(planes), border) for planes in decoded])
        whole = self._tile(np.ones((inside.height, inside.width), np.float32), border) > 0.999
        last = len(self._stored) - length
        if not whole.any() or not 0 <= start <= last:
            return None
        errors = {
            at: np.mean(np.square(shown - self._stored[at : at + length])[:, whole], axis=0)
            for at in {*range(max(0, start - _NEAR), min(last, start + _NEAR) + 1), *others}
            if at <= last
        }
        best = min(errors, key=lambda at: (errors[at].mean(), abs(at - start)))
        own, less = errors[start].mean(), errors[start] - errors[best]
        sure = -less.mean() / (less.std() / np.sqrt(len(less)) + 1e-9)
        clear = errors[best].mean() < _TILES_CLEARLY * own and less.mean() > _TILES_LEAST
        if best != start and (clear or sure < _TILES_SURE):
            return f"should show frames {start}-{start + length}, but matches {best}-{best + length} better"
        if own > _ANOTHER:
            return f"does not show its source's frames {start}-{start + length}"
        return None

    def _tile(self, luma: Luma, border: tuple[tuple[int, int], tuple[int, int]]) -> npt.NDArray[np.float32]:
        tiles = cv2.resize(np.pad(luma, border), self._grid, interpolation=cv2.INTER_AREA)
        return np.asarray(tiles, np.float32).ravel()
