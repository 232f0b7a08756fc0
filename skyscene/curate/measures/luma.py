"""How bright a frame is, and whether anything in it stands out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import cv2
import numpy as np
import numpy.typing as npt
from pydantic import Field

from skyscene.curate.measures.histogram import histogram, levels_at, luma_histograms
from skyscene.recipes import Component
from skyscene.records import Column, SmallFrames

PERCENTILES = {"p1": 0.01, "p50": 0.50, "p99": 0.99, "p999": 0.999}


class Luma(Component):
    """Brightness of each frame.

    Columns (luma in levels, 16 black to 235 white):
        luma_mean, luma_std: float32.
        luma_p1, luma_p50, luma_p99, luma_p999: uint8, percentiles.
        luma_detail: uint8, the 99.9th percentile of the difference from the blurred frame: a star, a lamp.
        luma_blue, luma_red: float32, mean chroma; 128 is grey.

    Attributes:
        detail_size: Side of the blur that ``luma_detail`` is measured against, in pixels.
    """

    version: ClassVar[str] = "1"
    reach: ClassVar[int] = 0

    detail_size: int = Field(ge=3)

    def measure(self, batch: SmallFrames) -> Mapping[str, Column]:
        """One row a core frame."""
        core = batch.core_slice
        y_nhw = batch.y_nhw[core]
        hists = batch.once("luma_histograms", luma_histograms)[core]
        mean, std = _moments(hists)
        columns: dict[str, Column] = {"mean": mean, "std": std}
        for key, share in PERCENTILES.items():
            columns[key] = levels_at(hists, share)
        columns["detail"] = levels_at(np.stack([self._detail(y) for y in y_nhw]), 0.999)
        columns["blue"] = _plane_means(batch.u_nhw[core])
        columns["red"] = _plane_means(batch.v_nhw[core])
        return {f"{self.name}_{key}": column for key, column in columns.items()}

    def _detail(self, y_hw: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        smooth = cv2.blur(y_hw, (self.detail_size, self.detail_size))
        return histogram(cv2.absdiff(y_hw, smooth))


def _moments(hists: npt.NDArray[np.float32]) -> tuple[Column, Column]:
    level = np.arange(256, dtype=np.float64)
    total = hists.sum(axis=1)
    mean = hists @ level / total
    variance = hists @ level**2 / total - mean**2
    return mean.astype(np.float32), np.sqrt(np.maximum(variance, 0)).astype(np.float32)


def _plane_means(plane_nhw: npt.NDArray[np.uint8]) -> Column:
    return np.array([cv2.mean(plane)[0] for plane in plane_nhw], dtype=np.float32)
