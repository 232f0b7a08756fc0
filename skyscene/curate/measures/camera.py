"""Camera motion: corners tracked over a few frames, and the similarity most of them agree on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
from pydantic import Field

from skyscene.recipes import Component
from skyscene.records import Column, SmallFrames

GRID = 4
"""Cells along each side of the grid whose occupation the masks tell."""

Points = npt.NDArray[np.float32]


class Motion(NamedTuple):
    """What the corners of one pair of frames say; the order is that of the columns."""

    tracked: float = 0.0
    still: float = 0.0
    still_cells: float = 0.0
    inliers: float = 0.0
    cells: float = 0.0
    tx: float = np.nan
    ty: float = np.nan
    scale: float = np.nan
    turn: float = np.nan
    residual: float = np.nan


class Camera(Component):
    """Motion between frame k and frame k + ``period``, for every k that ``period`` divides; else NaN, 0.

    Columns, all float32:
        camera_tracked: Corners that were found again, forward and backward.
        camera_still: Those of them that did not move.
        camera_still_cells: 4 x 4 bits, row by row from the top left: the cells with a still corner.
        camera_inliers: Corners that agree with the similarity.
        camera_cells: The same bits for these.
        camera_tx, camera_ty: Shift of the picture's centre, in widths of the picture.
        camera_scale: Natural logarithm of the scale.
        camera_turn: Rotation in radians.
        camera_residual: Median distance of the inliers from where the similarity puts them, in pixels.

    Attributes:
        period: Frames between the two pictures.
        corners: Most corners to track.
        quality: Least corner strength, as a share of the strongest.
        spacing: Least distance between corners, in pixels.
        window: Side of the patch that is tracked, in pixels.
        levels: Levels of the pyramid above the picture.
        round_trip: Largest error of a track forward and backward, in pixels.
        still: Largest motion of a still corner, in pixels.
        agree: Largest distance from the similarity of an inlier, in pixels.
        least: Fewest tracked corners for a similarity.
    """

    version: ClassVar[str] = "1"

    period: int = Field(ge=1)
    corners: int = Field(ge=8)
    quality: float = Field(gt=0, lt=1)
    spacing: float = Field(gt=0)
    window: int = Field(ge=5)
    levels: int = Field(ge=0)
    round_trip: float = Field(gt=0)
    still: float = Field(gt=0)
    agree: float = Field(gt=0)
    least: int = Field(ge=4)

    @property
    def reach(self) -> int:
        """Frames that a row looks ahead."""
        return self.period

    def measure(self, batch: SmallFrames) -> Mapping[str, Column]:
        """One row a core frame."""
        rows = [Motion()] * batch.core.length
        for frame in batch.core:
            at = frame - batch.start
            if frame % self.period == 0 and at + self.period < len(batch.y_nhw):
                rows[frame - batch.core.start] = self._motion(batch.y_nhw[at], batch.y_nhw[at + self.period])
        table = np.array(rows, dtype=np.float32).reshape(-1, len(Motion._fields))
        return {f"{self.name}_{key}": table[:, k] for k, key in enumerate(Motion._fields)}

    def _motion(self, old_hw: npt.NDArray[np.uint8], new_hw: npt.NDArray[np.uint8]) -> Motion:
        old_n2, new_n2 = self._tracks(old_hw, new_hw)
        if len(old_n2) < self.least:
            return Motion(tracked=len(old_n2))
        height, width = old_hw.shape
        still = np.hypot(*(new_n2 - old_n2).T) <= self.still
        counted = {
            "tracked": len(old_n2),
            "still": int(still.sum()),
            "still_cells": _cells(old_n2[still], width, height),
        }
        cv2.setRNGSeed(0)
        matrix, chosen = cv2.estimateAffinePartial2D(
            old_n2, new_n2, method=cv2.RANSAC, ransacReprojThreshold=self.agree, maxIters=500
        )
        if matrix is None:
            return Motion(**counted)
        inlier = chosen.ravel() > 0
        centre = np.array([width / 2, height / 2])
        shift = matrix[:, :2] @ centre + matrix[:, 2] - centre
        error = np.hypot(*(old_n2[inlier] @ matrix[:, :2].T + matrix[:, 2] - new_n2[inlier]).T)
        return Motion(
            **counted,
            inliers=int(inlier.sum()),
            cells=_cells(old_n2[inlier], width, height),
            tx=shift[0] / width,
            ty=shift[1] / width,
            scale=np.log(np.hypot(matrix[0, 0], matrix[1, 0])),
            turn=np.arctan2(matrix[1, 0], matrix[0, 0]),
            residual=float(np.median(error)) if inlier.any() else np.nan,
        )

    def _tracks(
        self, old_hw: npt.NDArray[np.uint8], new_hw: npt.NDArray[np.uint8]
    ) -> tuple[Points, Points]:
        """Corners of the old frame and where the new one has them; shape (n, 2) each."""
        corners = cv2.goodFeaturesToTrack(old_hw, self.corners, self.quality, self.spacing, blockSize=5)
        if corners is None:
            return np.zeros((0, 2), np.float32), np.zeros((0, 2), np.float32)
        size = {"winSize": (self.window, self.window), "maxLevel": self.levels}
        ahead, found, _ = cv2.calcOpticalFlowPyrLK(old_hw, new_hw, corners, None, **size)
        back, returned, _ = cv2.calcOpticalFlowPyrLK(new_hw, old_hw, ahead, None, **size)
        old_n2, new_n2 = corners.reshape(-1, 2), ahead.reshape(-1, 2)
        error = np.hypot(*(back.reshape(-1, 2) - old_n2).T)
        good = (found.ravel() > 0) & (returned.ravel() > 0) & (error <= self.round_trip)
        return old_n2[good], new_n2[good]


def _cells(points_n2: Points, width: int, height: int) -> int:
    """Bits of the grid's cells that hold a point."""
    if not len(points_n2):
        return 0
    column = (points_n2[:, 0] * GRID / width).astype(int).clip(0, GRID - 1)
    row = (points_n2[:, 1] * GRID / height).astype(int).clip(0, GRID - 1)
    return int(np.bitwise_or.reduce(1 << (row * GRID + column)))
