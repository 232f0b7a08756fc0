"""Cross-dissolves: a straight way from one still picture to another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from pydantic import Field

from skyscene.recipes import Component
from skyscene.records import Frames, Interval, Transition

Tiles = npt.NDArray[np.float32]
Stored = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.float32]

_ROWS_AT_ONCE = 2048
"""So that memory does not grow with the film; it cannot change a number."""


class Dissolve(Component):
    """Finds intervals whose frames are mixtures of the frame before and the frame after.

    For every length and place: A is the frame before, B the one after. Three things make a dissolve. B is
    not A at another exposure. The frames between lie on the straight line from A to B, where a mixture lies
    and a cloud's way does not. And the change stops at A and at B, where nature's goes on.
    The score is ``bent`` over how far from that the best fit is; it exceeds 1.

    Attributes:
        lengths: Numbers of blended frames to look for.
        distance: Least difference of A and B after B's exposure is fitted to A's, in levels (root
            mean square).
        unlike: Least share of B's structure that A at no exposure has.
        bent: Largest distance from the line, mean square, as a share of that between A and B.
        goes_on: Largest change before A, or after B, in half the dissolve's length, as such a share.
        context: Least number of frames for that, held frames show no change in fewer; half as many must be
            there before A and after B.
        weight: How much of the change that goes on counts as distance from the line.
        spare: Frames added on either side, as a share of the length.
    """

    lengths: tuple[int, ...]
    distance: float = Field(gt=0)
    unlike: float = Field(ge=0, le=1)
    bent: float = Field(gt=0)
    goes_on: float = Field(gt=0)
    context: int = Field(ge=1)
    weight: float = Field(ge=0)
    spare: float = Field(ge=0)

    def detect(self, frames: Frames) -> Sequence[Transition]:
        """Disjoint intervals; of overlapping ones the best fit's."""
        tiles = np.asarray(frames["tiles_luma"], np.uint8)
        found: list[tuple[float, int, int]] = []
        for length in self.lengths:
            misfit = self._misfit(tiles, length)
            for at in np.flatnonzero(misfit <= self.bent):
                found.append((float(misfit[at]), int(at) + 1, int(at) + 1 + length))
        taken: list[Transition] = []
        for misfit_at, first, stop in sorted(found):
            spare = 1 + round(self.spare * (stop - first))
            core = Interval(first + frames.start, stop + frames.start)
            if not any(core.overlaps(other.interval) for other in taken):
                wide = core.grow(spare, spare, frames.interval)
                score = self.bent / max(misfit_at, 1e-6)
                taken.append(Transition(wide, "dissolve", score, self.name))
        return sorted(taken)

    def _misfit(self, tiles: Stored, length: int) -> Numbers:
        """How far the frames from each A on are from a dissolve; infinite where they are none at all."""
        count = max(0, len(tiles) - length - 1)
        parts = [
            self._part(tiles, length, np.arange(start, min(start + _ROWS_AT_ONCE, count)))
            for start in range(0, count, _ROWS_AT_ONCE)
        ]
        return np.concatenate([np.zeros(0, np.float32), *parts])

    def _part(self, tiles: Stored, length: int, rows: npt.NDArray[np.int64]) -> Numbers:
        """The same for some of the As."""
        span, half = length + 1, max(self.context, (length + 1) // 2)
        a, b = _float(tiles, rows), _float(tiles, rows + span)
        square = _distance(a, b)
        bent = np.zeros(len(rows), dtype=np.float32)
        places = sorted({max(1, round(span * share)) for share in (0.25, 0.5, 0.75)})
        for place in places:
            share = np.float32(place / span)
            bent += _distance(_float(tiles, rows + place), (1 - share) * a + share * b) / len(places)
        before = _distance(a, _float(tiles, np.maximum(rows - half, 0)))
        after = _distance(b, _float(tiles, np.minimum(rows + span + half, len(tiles) - 1)))
        goes_on = np.maximum(before, after) / np.maximum(square, 1e-6)
        misfit = bent / np.maximum(square, 1e-6) + self.weight * goes_on
        unlike, power = _unlike(a, b)
        dissolve = (unlike >= self.unlike) & (unlike * power >= self.distance**2)
        dissolve &= goes_on <= self.goes_on
        dissolve &= np.minimum(rows, len(tiles) - span - 1 - rows) >= self.context // 2
        return np.where(dissolve, misfit, np.inf).astype(np.float32)


def _float(tiles: Stored, rows: npt.NDArray[np.int64]) -> Tiles:
    return tiles[rows].astype(np.float32)


def _distance(a: Tiles, b: Tiles) -> Numbers:
    """Mean square difference of each row."""
    difference = a - b
    return np.asarray(np.einsum("nt,nt->n", difference, difference) / a.shape[1], dtype=np.float32)


def _unlike(a: Tiles, b: Tiles) -> tuple[Numbers, Numbers]:
    """The share of structure that no exposure explains, and the larger structure, mean square."""
    a = a - a.mean(axis=1, keepdims=True)
    b = b - b.mean(axis=1, keepdims=True)
    power_a = np.einsum("nt,nt->n", a, a) / a.shape[1]
    power_b = np.einsum("nt,nt->n", b, b) / a.shape[1]
    shared = np.einsum("nt,nt->n", a, b) / a.shape[1]
    same = np.maximum(shared, 0) ** 2 / np.maximum(power_a * power_b, 1e-6)
    return np.asarray(1 - same, dtype=np.float32), np.maximum(power_a, power_b)
