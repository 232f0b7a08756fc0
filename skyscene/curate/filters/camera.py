"""A camera that moves: pan, tilt, zoom, roll or shake. Clouds and stars may move as they like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import Field

from skyscene.recipes import Component
from skyscene.records import Column, Curve, Frames, Interval, Scale, Verdict

KEYS = ("tracked", "ground", "anchors", "anchored", "inliers", "spread", "tx", "ty", "scale", "turn")
"""Columns of the camera measure that are looked at."""


class Sums(NamedTuple):
    """Motion over a context: shift in widths of the picture, zoom as a logarithm, turn in radians."""

    shift: float
    zoom: float
    turn: float


class Camera(Component):
    """Rejects a window over which, with the frames around it in its scene, the camera moves.

    Where ground is in sight its motion is the camera's, and very little is allowed. Over sky alone a
    uniform shift may be the wind, and is let through; shake, and zoom about the picture, are not.
    The score is the worst of the tests, each as a share of what it allows; the threshold is 1.

    Attributes:
        period: The measure's ``period``, in frames.
        around: Frames before and after the window, within its scene, whose motion counts.
        shift: Largest shift of the ground, in widths of the picture.
        zoom: Largest zoom of the ground, as a logarithm.
        turn: Largest rotation of the ground, in radians.
        agree: Least share of inliers to believe a motion.
        shake: Largest median change of shift from one pair of frames to the next, in widths.
        sky_agree: Least share of inliers to believe a motion of the sky alone.
        sky_spread: Least share of cells to believe it.
        sky_zoom: Largest zoom of the sky alone in one ``period``, as a logarithm.
        sky_centre: Largest distance of such a zoom's centre from where the corners are, in widths.
        rooted: Least share of the picture's cells in which the inliers lie, to believe a zoom or turn.
        anchors: Share of corners staying behind when the rest moves that proves the camera still.
        anchored: Least share of cells that hold them.
    """

    scale: ClassVar[Scale] = Scale("motion, in shares of what is allowed", "", "at most", high=4)

    period: int = Field(ge=1)
    around: int = Field(ge=0)
    shift: float = Field(gt=0)
    zoom: float = Field(gt=0)
    turn: float = Field(gt=0)
    agree: float = Field(gt=0, le=1)
    shake: float = Field(gt=0)
    sky_agree: float = Field(gt=0, le=1)
    sky_spread: float = Field(gt=0, le=1)
    sky_zoom: float = Field(gt=0)
    sky_centre: float = Field(gt=0)
    rooted: float = Field(gt=0, le=1)
    anchors: float = Field(gt=0, le=1)
    anchored: float = Field(gt=0, le=1)

    def judge(self, frames: Frames, interval: Interval) -> Verdict:
        """The verdict; a window without corners passes, with score 0."""
        context = interval.grow(self.around, self.around, frames.interval)
        rows = _Rows(frames, context, self.period)
        tests = {"": 0.0}
        if len(rows.anchors) and not self._anchored(rows):
            tests = {**self._ground(rows), **self._sky(rows)}
        worst = max(tests, key=lambda reason: tests[reason])
        score = tests[worst]
        reason = f"{worst} over {context.length} frames" if score > 1 else None
        return Verdict(self.name, score, 1.0, reason)

    def curves(self, frames: Frames) -> Sequence[Curve]:
        """The motion of each pair of frames; every test sums or compares these."""
        pair = f"in {self.period} frames"
        before = "over a window and the frames around it"
        shift = np.hypot(frames["camera_tx"], frames["camera_ty"])
        zoom, turn = np.abs(frames["camera_scale"]), np.abs(frames["camera_turn"])
        return (
            Curve(
                f"shift {pair}",
                "% of the width",
                self._held(100 * shift),
                low=0,
                high=500 * self.shift,
                meaning=f"Where the ground is in sight it may shift {100 * self.shift:g} % in all {before}; "
                f"clouds alone may drift.",
            ),
            Curve(
                f"zoom {pair}",
                "%",
                self._held(100 * zoom),
                low=0,
                high=500 * self.zoom,
                meaning=f"The ground may grow or shrink by {100 * self.zoom:g} % in all {before}; "
                f"the sky alone by {100 * self.sky_zoom:g} % {pair}.",
            ),
            Curve(
                f"turn {pair}",
                "degrees",
                self._held(np.degrees(turn)),
                low=0,
                high=float(np.degrees(5 * self.turn)),
                meaning=f"The ground may turn by {np.degrees(self.turn):.1f} degrees in all {before}.",
            ),
        )

    def _held(self, values: Column) -> Column:
        """The number of each pair for all frames up to the next pair."""
        return np.repeat(values[:: self.period], self.period)[: len(values)]

    def _anchored(self, rows: _Rows) -> bool:
        """Whether enough corners stay behind when the others move, and more than agree on a moving ground."""
        share, cells = float(np.median(rows.anchors)), float(np.median(rows.anchored))
        ground = float(np.median(rows.ground * rows.inliers / rows.tracked))
        return share >= max(self.anchors, ground) and cells >= self.anchored

    def _ground(self, rows: _Rows) -> dict[str, float]:
        """Tests on the pairs that see the ground: reason to share of the allowed."""
        good = (rows.ground > 0) & (rows.inliers >= self.agree)
        if good.sum() < max(2, len(good) / 2):
            return {"": 0.0}
        total = rows.total(good)
        rooted = float(np.median(rows.spread[good])) >= self.rooted
        way = "in" if total.zoom > 0 else "out"
        return {
            f"camera shifts by {100 * total.shift:.3g} % of the picture ({100 * self.shift:g} % allowed)": (
                total.shift / self.shift
            ),
            f"camera zooms {way} by {100 * abs(total.zoom):.3g} % ({100 * self.zoom:g} % allowed)": (
                rooted * abs(total.zoom) / self.zoom
            ),
            f"camera turns by {np.degrees(abs(total.turn)):.3g} degrees "
            f"({np.degrees(self.turn):.3g} allowed)": rooted * abs(total.turn) / self.turn,
        }

    def _sky(self, rows: _Rows) -> dict[str, float]:
        """Tests on all pairs with an agreed motion: reason to share of the allowed."""
        good = (rows.inliers >= self.sky_agree) & (rows.spread >= self.sky_spread)
        if good.sum() < max(2, len(good) / 2):
            return {"": 0.0}
        shake = float(np.median(rows.shake(good)))
        zoom = np.abs(np.median(rows.scale[good]))
        shift = np.median(np.hypot(rows.tx, rows.ty)[good])
        centred = shift <= self.sky_centre * zoom
        return {
            f"camera shakes by {100 * shake:.3g} % of the picture ({100 * self.shake:g} % allowed)": (
                shake / self.shake
            ),
            f"camera zooms by {100 * zoom / self.period:.3g} % a frame "
            f"({100 * self.sky_zoom / self.period:.3g} % allowed)": centred * zoom / self.sky_zoom,
        }


class _Rows:
    """The measured pairs that lie in an interval with both frames."""

    def __init__(self, frames: Frames, interval: Interval, period: int) -> None:
        first = -(-interval.start // period) * period
        at = np.arange(first, interval.stop - period, period) - interval.start
        column = {key: frames.of(f"camera_{key}", interval)[at] for key in KEYS}
        self.ground: npt.NDArray[np.float32] = column["ground"]
        self.tracked = np.maximum(column["tracked"], 1)
        self.anchors = column["anchors"] / self.tracked
        self.anchored = column["anchored"]
        self.inliers, self.spread = column["inliers"], column["spread"]
        self.tx, self.ty = column["tx"], column["ty"]
        self.scale, self.turn = column["scale"], column["turn"]

    def total(self, good: npt.NDArray[np.bool_]) -> Sums:
        """The motion over the interval, as if every pair moved like the median good one."""
        pairs = len(good)
        tx, ty, scale, turn = (
            pairs * float(np.median(column[good])) for column in (self.tx, self.ty, self.scale, self.turn)
        )
        return Sums(shift=float(np.hypot(tx, ty)), zoom=scale, turn=turn)

    def shake(self, good: npt.NDArray[np.bool_]) -> npt.NDArray[np.float32]:
        """Change of shift from each pair to the next, where both are good."""
        both = good[1:] & good[:-1]
        if not both.any():
            return np.zeros(1, dtype=np.float32)
        steps: npt.NDArray[np.float32] = np.hypot(np.diff(self.tx), np.diff(self.ty))[both]
        return steps
