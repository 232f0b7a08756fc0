"""Stars and the Milky Way, turning slowly round a pole."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from skyscene.synth.noise import Plane, stream, tile

_PER_PIXEL = 0.006
"""Stars a pixel of a picture 640 wide; smaller ones are a little denser, so that enough are left."""


class Stars:
    """Points of light and a faint band, seen by a still camera.

    Args:
        seed: Where they are.
        width: Width of the picture in pixels.
        height: Height of the picture in pixels.
        turn: Radians a frame about the pole.
        band: Brightness of the Milky Way, 0..1.
    """

    def __init__(self, seed: int, width: int, height: int, turn: float, band: float) -> None:
        rng = stream(seed, "stars")
        self.width, self.height, self.turn = width, height, turn
        self.pole = np.array([rng.uniform(0.25, 0.75) * width, rng.uniform(-0.1, 0.35) * height])
        reach = float(np.hypot(width, height)) * 0.95
        count = int(_PER_PIXEL * np.pi * reach**2 * (640 / width) ** 0.7)
        self._radius = reach * np.sqrt(rng.random(count))
        self._angle = rng.uniform(0, 2 * np.pi, count)
        self._power = 22 * (rng.pareto(1.1, count) + 0.35).clip(0, 12)
        tint = rng.normal(0, 0.12, count)
        self._tint = np.stack([1 + tint, np.ones(count), 1 - tint]).clip(0.6, 1.3)
        self._twinkle = rng.uniform(0.1, 0.5, count), rng.uniform(0, 2 * np.pi, count)
        middle = (np.array([width * 0.5, height * 0.35]) - self.pole) / reach
        self._band = _milky_way(rng, int(reach), band, middle) if band else None
        self._reach = reach

    def add(self, planes: Plane, t: int, strength: float) -> None:
        """Adds the stars of frame ``t`` to ``planes`` (3, rows, width), in place; values in 0..255."""
        rows = planes.shape[1]
        if self._band is not None:
            self._add_band(planes, t, strength)
        angle = self._angle + self.turn * t
        x = self.pole[0] + self._radius * np.cos(angle) - 0.5
        y = self.pole[1] + self._radius * np.sin(angle) - 0.5
        seen = (x >= 0) & (x < self.width - 1) & (y >= 0) & (y < rows - 1)
        x, y = x[seen], y[seen]
        rate, phase = self._twinkle
        power = strength * self._power[seen] * (1 + 0.12 * np.sin(rate[seen] * t + phase[seen]))
        left, top = x.astype(int), y.astype(int)
        dx, dy = x - left, y - top
        flat = planes.reshape(3, -1)
        for down, right, share in (
            (0, 0, (1 - dx) * (1 - dy)), (0, 1, dx * (1 - dy)), (1, 0, (1 - dx) * dy), (1, 1, dx * dy),
        ):  # fmt: skip
            at = (top + down) * self.width + left + right
            light = power * np.sqrt(share)
            for channel in range(3):
                np.add.at(flat[channel], at, (light * self._tint[channel, seen]).astype(np.float32))

    def _add_band(self, planes: Plane, t: int, strength: float) -> None:
        assert self._band is not None
        side = self._band.shape[1]
        zoom = 2 * self._reach / side
        cos, sin = np.cos(self.turn * t) / zoom, np.sin(self.turn * t) / zoom
        px, py = self.pole
        matrix = np.array([
            [cos, sin, side / 2 - cos * px - sin * py],
            [-sin, cos, side / 2 + sin * px - cos * py],
        ])  # fmt: skip
        for channel in range(3):
            turned = np.empty(planes.shape[1:], np.float32)
            cv2.warpAffine(
                self._band[channel],
                matrix,
                (self.width, planes.shape[1]),
                dst=turned,
                flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            )
            cv2.scaleAdd(turned, strength, planes[channel], dst=planes[channel])


def _milky_way(
    rng: np.random.Generator, side: int, strength: float, middle: npt.NDArray[np.float64]
) -> Plane:
    """A band of light with dark lanes through a square of sky: (3, side, side).

    It passes near ``middle``, (right, down) from the square's centre in half sides.
    """
    side = max(32, side)
    at = np.linspace(-1, 1, side, dtype=np.float32)
    x, y = np.meshgrid(at, at)
    texture = np.zeros((256, 256), np.float32)
    for octave in range(5):
        texture += 0.75**octave * tile(rng, 256, 4 * 2**octave)
    noise = np.empty((side, side), np.float32)
    cv2.resize(texture, (side, side), dst=noise, interpolation=cv2.INTER_LINEAR)
    tilt = rng.uniform(-0.9, 0.9)
    offset = rng.normal(0, 0.06) - middle[0] * np.cos(tilt) - middle[1] * np.sin(tilt)
    across = x * np.cos(tilt) + y * np.sin(tilt) + offset + 0.02 * noise
    glow = np.exp(-((across / 0.15) ** 2)) * (1 + 0.14 * noise)
    lane = np.exp(-(((across + 0.01 * noise) / 0.045) ** 2)) * (0.6 + 0.3 * noise).clip(0, 1)
    light = (glow * (1 - 0.5 * lane)).clip(0, None) * strength
    colour: npt.NDArray[np.float32] = np.array([62, 56, 74], np.float32)
    return np.ascontiguousarray(colour[:, None, None] * light[None], np.float32)
