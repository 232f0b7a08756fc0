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
"""Cells along each side of the grid that tells ground and spread."""

STOP = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 15, 0.02)
"""When a track is good enough: steps, and pixels a step."""

Points = npt.NDArray[np.float32]


class Motion(NamedTuple):
    """What the corners of one pair of frames say; the order is that of the columns."""

    tracked: float = 0.0
    still: float = 0.0
    ground: float = 0.0
    anchors: float = 0.0
    anchored: float = 0.0
    inliers: float = 0.0
    spread: float = 0.0
    tx: float = np.nan
    ty: float = np.nan
    scale: float = np.nan
    turn: float = np.nan
    residual: float = np.nan


class Camera(Component):
    """Motion between frame k and frame k + ``period``, for every k that ``period`` divides; else NaN, 0.

    Clouds flow and the ground does not. So the similarity is that of the ground's corners where there is
    a ground in sight: a lower cell of a 4 x 4 grid with fine grain, which clouds lack. Else it is that of
    all corners, and ``camera_ground`` is 0.

    Columns, all float32:
        camera_tracked: Corners that were found again, forward and backward.
        camera_still: Those of them that did not move.
        camera_ground: Those of them on the ground; 0 where they are too few.
        camera_anchors: Corners, wherever they are, that did not move although the similarity would move them.
        camera_anchored: Share of the grid's 16 cells that hold such a corner.
        camera_inliers: Share of the corners in question that agree with the similarity.
        camera_spread: Share of the grid's 16 cells that hold such an inlier.
        camera_tx, camera_ty: Shift of the middle of these inliers, in widths of the picture.
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
        least: Fewest corners for a similarity.
        grain: Least share of the fine in all structure, in a cell of ground.
        grain_level: Least fine structure in a cell of ground, in levels.
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
    grain: float = Field(gt=0, lt=1)
    grain_level: float = Field(gt=0)

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
        cell_n = _cells(old_n2, width, height)
        ground_n = self._ground_cells(old_hw)[cell_n]
        chosen_n = ground_n if ground_n.sum() >= self.least else np.ones_like(ground_n)
        still_n = np.hypot(*(new_n2 - old_n2).T) <= self.still
        counts = Motion(
            tracked=len(old_n2),
            still=int(still_n.sum()),
            ground=int(ground_n.sum()) if chosen_n is ground_n else 0,
        )
        matrix, inlier_n = self._similarity(old_n2[chosen_n], new_n2[chosen_n])
        if matrix is None:
            return counts
        error_n = np.hypot(*(old_n2 @ matrix[:, :2].T + matrix[:, 2] - new_n2).T)
        anchor_n = still_n & (error_n > self.agree)
        middle = old_n2[chosen_n][inlier_n].mean(axis=0)
        shift = matrix[:, :2] @ middle + matrix[:, 2] - middle
        return counts._replace(
            anchors=int(anchor_n.sum()),
            anchored=_spread(cell_n[anchor_n]),
            inliers=float(inlier_n.mean()),
            spread=_spread(cell_n[chosen_n][inlier_n]),
            tx=shift[0] / width,
            ty=shift[1] / width,
            scale=np.log(np.hypot(matrix[0, 0], matrix[1, 0])),
            turn=np.arctan2(matrix[1, 0], matrix[0, 0]),
            residual=float(np.median(error_n[chosen_n][inlier_n])),
        )

    def _similarity(
        self, old_n2: Points, new_n2: Points
    ) -> tuple[npt.NDArray[np.float64] | None, npt.NDArray[np.bool_]]:
        """The motion that most of the corners share, as a 2 x 3 matrix, and which of them do."""
        cv2.setRNGSeed(0)
        matrix, chosen = cv2.estimateAffinePartial2D(
            old_n2, new_n2, method=cv2.RANSAC, ransacReprojThreshold=self.agree, maxIters=300
        )
        if matrix is None or not chosen.any():
            return None, np.zeros(len(old_n2), dtype=np.bool_)
        return np.asarray(matrix, dtype=np.float64), np.asarray(chosen).ravel() > 0

    def _ground_cells(self, y_hw: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
        """Which cells of the grid's lower half have the grain of ground; shape (GRID * GRID,)."""
        fine = cv2.absdiff(y_hw, cv2.medianBlur(y_hw, 3))
        broad = cv2.absdiff(y_hw, cv2.blur(y_hw, (9, 9)))
        fine_gg, broad_gg = (
            cv2.resize(part.astype(np.float32), (GRID, GRID), interpolation=cv2.INTER_AREA)
            for part in (fine, broad)
        )
        ground_gg = (fine_gg >= self.grain_level) & (fine_gg >= self.grain * (broad_gg + 0.5))
        ground_gg[: GRID // 2] = False
        return ground_gg.ravel()

    def _tracks(self, old_hw: npt.NDArray[np.uint8], new_hw: npt.NDArray[np.uint8]) -> tuple[Points, Points]:
        """Corners of the old frame and where the new one has them; shape (n, 2) each."""
        corners = cv2.goodFeaturesToTrack(old_hw, self.corners, self.quality, self.spacing, blockSize=5)
        if corners is None or not len(corners):
            return np.zeros((0, 2), np.float32), np.zeros((0, 2), np.float32)
        old_n2 = np.asarray(corners, dtype=np.float32).reshape(-1, 2)
        new_n2, found_n = self._follow(old_hw, new_hw, old_n2)
        back_n2, returned_n = self._follow(new_hw, old_hw, new_n2)
        good = found_n & returned_n & (np.hypot(*(back_n2 - old_n2).T) <= self.round_trip)
        return old_n2[good], new_n2[good]

    def _follow(
        self, from_hw: npt.NDArray[np.uint8], to_hw: npt.NDArray[np.uint8], points_n2: Points
    ) -> tuple[Points, npt.NDArray[np.bool_]]:
        """Where the points of one frame are in another, and which of them were found."""
        moved, found, _ = cv2.calcOpticalFlowPyrLK(
            from_hw,
            to_hw,
            points_n2[:, None],
            np.zeros_like(points_n2[:, None]),
            winSize=(self.window, self.window),
            maxLevel=self.levels,
            criteria=STOP,
        )
        return np.asarray(moved, dtype=np.float32).reshape(-1, 2), np.asarray(found).ravel() > 0


def _cells(points_n2: Points, width: int, height: int) -> npt.NDArray[np.int64]:
    """Number of the grid's cell that each point lies in, row by row."""
    cell_n2 = (points_n2 * (GRID / width, GRID / height)).astype(np.int64).clip(0, GRID - 1)
    cells: npt.NDArray[np.int64] = cell_n2[:, 1] * GRID + cell_n2[:, 0]
    return cells


def _spread(cell_n: npt.NDArray[np.int64]) -> float:
    """Share of the grid's cells that are named."""
    return len(set(cell_n.tolist())) / GRID**2
