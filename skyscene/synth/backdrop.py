"""What lies behind the clouds: the clear sky, and the sun or moon with its glow."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from skyscene.synth.light import Colour, Light
from skyscene.synth.noise import Plane
from skyscene.synth.view import View

_COARSE = 4
"""The gradients are so smooth that they are painted at a quarter of the size."""


@dataclass(frozen=True, slots=True)
class Disc:
    """The sun or the moon at one moment.

    Attributes:
        x: Column in pixels.
        y: Row in pixels.
        radius: In pixels.
        colour: Colour of its glow, 0..255.
        glare: Brightness at its centre in units of white; the sun is far above 1.
        halo: Strength of the glow round it, 0..1.
    """

    x: float
    y: float
    radius: float
    colour: Colour
    glare: float
    halo: float


class Backdrop:
    """Paints the sky without clouds into buffers that are reused."""

    def __init__(self, view: View) -> None:
        self.view = view
        rows, columns = -(-view.rows // _COARSE), -(-view.width // _COARSE)
        self._y, self._x = (
            a.astype(np.float32) * _COARSE + np.float32(_COARSE / 2) for a in np.mgrid[0:rows, 0:columns]
        )
        rise = np.maximum(view.horizon - self._y / view.height, 0) / view.horizon
        self._low = np.exp(-rise / 0.28).astype(np.float32)
        self._low /= self._low.max()
        self._glow = np.zeros((rows, columns), np.float32)
        self.glow = np.zeros((view.rows, view.width), np.float32)
        self.planes = np.zeros((3, view.rows, view.width), np.float32)
        self._painted: Plane | None = None

    def draw(self, light: Light, disc: Disc, gloom: float, still: bool = False) -> Plane:
        """The clear sky as (3, rows, width), 0..255 and above in the sun; ``glow`` is set beside it.

        ``gloom`` in 0..1 mixes in the grey of the clouds. Where light and disc are ``still``, always the
        same, they are painted only once.
        """
        if self._painted is None or not still:
            self._paint(light, disc, gloom)
            self._painted = self.planes.copy() if still else None
        else:
            self.planes[:] = self._painted
        return self.planes

    def _paint(self, light: Light, disc: Disc, gloom: float) -> None:
        size = (self.view.width, self.view.rows)
        away = np.hypot(self._x - disc.x, self._y - disc.y) / self.view.height
        self._glow[:] = disc.halo * (0.75 * np.exp(-away / 0.09) + 0.5 * np.exp(-away / 0.38))
        cv2.resize(self._glow, size, dst=self.glow, interpolation=cv2.INTER_LINEAR)
        towards = 1 - 0.45 * np.minimum(away, 1)
        for channel in range(3):
            grey = 0.5 * (light.shade[channel] + light.lit[channel])
            low, high = (c + gloom * (grey - c) for c in (light.horizon[channel], light.zenith[channel]))
            plane = high + (low - high) * self._low * towards
            plane += self._glow * disc.colour[channel]
            cv2.resize(plane, size, dst=self.planes[channel], interpolation=cv2.INTER_LINEAR)
        self._add_disc(disc)

    def _add_disc(self, disc: Disc) -> None:
        """Draws the disc itself, smooth to a fraction of a pixel."""
        reach = 2 * disc.radius + 2
        left, right = max(0, int(disc.x - reach)), min(self.view.width, int(disc.x + reach) + 1)
        top, foot = max(0, int(disc.y - reach)), min(self.view.rows, int(disc.y + reach) + 1)
        if left >= right or top >= foot or disc.glare <= 0:
            return
        y, x = np.mgrid[top:foot, left:right].astype(np.float32) + np.float32(0.5)
        edge = np.clip(disc.radius + 0.5 - np.hypot(x - disc.x, y - disc.y), 0, 1)
        white = 0.35 * disc.colour + 0.65 * np.float32(255)
        for channel in range(3):
            self.planes[channel, top:foot, left:right] += edge * (disc.glare * white[channel])
