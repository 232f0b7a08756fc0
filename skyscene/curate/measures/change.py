"""How much a frame differs from the one before, and from the one some time before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import cv2
import numpy as np
import numpy.typing as npt
from pydantic import Field

from skyscene.curate.measures.histogram import Picture, histogram, levels_at, luma_histograms
from skyscene.recipes import Component
from skyscene.records import Column, SmallFrames


class Change(Component):
    """Difference of each frame from earlier ones; 0 (correlations: 1) where there is none earlier.

    Columns:
        change_mad: float32, mean absolute luma difference to the frame before, in levels.
        change_corr: float32, zero-mean normalised correlation with it on a coarse picture; 1 under any
            change of exposure.
        change_fine: float32, the same on a finer picture without its blur: structure, not shading.
        change_hist: float32, share of the pixels whose histogram bin is not found in the frame before.
        change_chroma: float32, mean absolute chroma difference to the frame before, in levels.
        change_lag_p50, _p90, _p99: uint8, percentiles of the luma difference to the frame ``lag`` before,
            after the median difference (exposure) is taken off; 0 for the first ``lag`` frames.

    Attributes:
        coarse: Width of the coarse picture in cells.
        fine: Width of the finer picture in cells.
        noise: Standard deviation below which structure is taken for noise, in levels.
        bins: Bins of the histogram.
        lag: How many frames before.
    """

    version: ClassVar[str] = "1"

    coarse: int = Field(ge=4)
    fine: int = Field(ge=8)
    noise: float = Field(gt=0)
    bins: int = Field(ge=2, le=256)
    lag: int = Field(ge=1)

    @property
    def reach(self) -> int:
        """Frames that a row looks back."""
        return self.lag

    def measure(self, batch: SmallFrames) -> Mapping[str, Column]:
        """One row a core frame."""
        first = batch.core.start - batch.start
        stop = batch.core.stop - batch.start
        before = max(first - 1, 0)
        columns = self._to_previous(batch, slice(before, stop))
        if before < first:
            columns = {key: column[1:] for key, column in columns.items()}
        columns |= self._to_lagged(batch.y_nhw, first, stop)
        return {f"{self.name}_{key}": column for key, column in columns.items()}

    def _to_previous(self, batch: SmallFrames, part: slice) -> dict[str, Column]:
        """Every frame against the one before; the first row is against itself."""
        y_nhw = batch.y_nhw[part]
        smooth = [_shrink(y, self.fine) for y in y_nhw]
        coarse_nd = np.stack([_shrink(y, self.coarse).ravel() for y in smooth])
        fine_nd = np.stack([(y - cv2.blur(y, (5, 5))).ravel() for y in smooth])
        levels = batch.once("luma_histograms", luma_histograms)[part]
        hists = levels.reshape(len(levels), self.bins, -1).sum(axis=2)
        hists /= hists.sum(axis=1, keepdims=True)
        moved = np.abs(hists - _previous(hists)).sum(axis=1) / 2
        return {
            "mad": _mean_difference(y_nhw),
            "corr": _correlation(coarse_nd, _previous(coarse_nd), self.noise),
            "fine": _correlation(fine_nd, _previous(fine_nd), self.noise),
            "hist": moved.astype(np.float32),
            "chroma": (_mean_difference(batch.u_nhw[part]) + _mean_difference(batch.v_nhw[part])) / 2,
        }

    def _to_lagged(self, y_nhw: npt.NDArray[np.uint8], first: int, stop: int) -> dict[str, Column]:
        hists = np.zeros((stop - first, 256), dtype=np.float32)
        hists[:, 0] = 1
        for row in range(max(first, self.lag), stop):
            hists[row - first] = histogram(_moved(y_nhw[row], y_nhw[row - self.lag]))
        return {f"lag_p{round(100 * share)}": levels_at(hists, share) for share in (0.5, 0.9, 0.99)}


def _shrink(picture_hw: Picture, width: int) -> npt.NDArray[np.float32]:
    height = max(2, round(picture_hw.shape[0] * width / picture_hw.shape[1]))
    small = cv2.resize(picture_hw, (width, height), interpolation=cv2.INTER_AREA)
    return small.astype(np.float32, copy=False)


def _moved(now_hw: npt.NDArray[np.uint8], then_hw: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Absolute difference after the median one, the change of exposure, is taken off."""
    difference = np.subtract(now_hw, then_hw, dtype=np.int16)
    sample = difference[::4, ::4].ravel()
    low, high = (len(sample) - 1) // 2, len(sample) // 2
    exposure = float(np.partition(sample, (low, high))[[low, high]].mean())
    return np.asarray(cv2.convertScaleAbs(difference, alpha=1.0, beta=-exposure), dtype=np.uint8)


def _previous(rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.concatenate([rows[:1], rows[:-1]])


def _mean_difference(plane_nhw: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    pairs = zip(plane_nhw[1:], plane_nhw[:-1], strict=True)
    return np.array([0.0] + [cv2.mean(cv2.absdiff(a, b))[0] for a, b in pairs], dtype=np.float32)


def _correlation(
    a_nd: npt.NDArray[np.float32], b_nd: npt.NDArray[np.float32], noise: float
) -> npt.NDArray[np.float32]:
    """Row-wise zero-mean correlation; two rows of noise alone correlate fully."""
    a_nd = a_nd - a_nd.mean(axis=1, keepdims=True)
    b_nd = b_nd - b_nd.mean(axis=1, keepdims=True)
    floor = np.float32(noise**2)
    shared = (a_nd * b_nd).mean(axis=1) + floor
    scale = np.sqrt(((a_nd**2).mean(axis=1) + floor) * ((b_nd**2).mean(axis=1) + floor))
    return np.asarray(shared / scale, dtype=np.float32)
