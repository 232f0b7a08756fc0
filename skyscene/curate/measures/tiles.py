"""A thumbnail of every frame: enough to see a dissolve, too little to see anything else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import cv2
import numpy as np
from pydantic import Field

from skyscene.recipes import Component
from skyscene.records import Column, SmallFrames


class Tiles(Component):
    """Mean luma of each tile of a fixed grid.

    Columns:
        tiles_luma: uint8, shape (n, rows * columns), row by row from the top left.

    Attributes:
        rows: Tiles from top to bottom.
        columns: Tiles from left to right.
    """

    version: ClassVar[str] = "1"
    reach: ClassVar[int] = 0

    rows: int = Field(ge=2)
    columns: int = Field(ge=2)

    def measure(self, batch: SmallFrames) -> Mapping[str, Column]:
        """One row a core frame."""
        size = (self.columns, self.rows)
        tiles = [
            cv2.resize(y, size, interpolation=cv2.INTER_AREA).ravel() for y in batch.y_nhw[batch.core_slice]
        ]
        return {f"{self.name}_luma": np.stack(tiles)}
