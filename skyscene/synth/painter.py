"""Paints the frames of a `Sky`, one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import cv2
import numpy as np

from skyscene.synth.backdrop import Backdrop, Disc
from skyscene.synth.clouds import Clouds
from skyscene.synth.foreground import Foreground
from skyscene.synth.frame import Frame
from skyscene.synth.light import MOON, Light, light
from skyscene.synth.noise import Plane, stream
from skyscene.synth.sky import Sky
from skyscene.synth.stars import Stars
from skyscene.synth.view import HAZE_DEPTH, View

_GRAIN_ROOM = 64
"""Pixels by which the fixed field of noise is larger than a frame; each frame cuts it elsewhere."""
_HIGH_SALT, _HIGH_SPEED = 7919, 0.6
_HAZE = 0.12
"""Rise above the horizon, as a share of the height, over which clouds fade into the haze."""


def render(sky: Sky, frames: int | None, width: int, height: int) -> Iterator[Frame]:
    """The frames of a sky, each a new (height, width, 3) RGB array; endless where ``frames`` is none.

    Frame t does not depend on how many frames are asked for, nor on the frames before it.
    """
    painter = Painter(sky, width, height)
    for t in count() if frames is None else range(frames):
        yield painter.frame(t)


class Painter:
    """Paints any frame of one sky at one size; holds the tables that all frames share.

    Args:
        sky: What to paint.
        width: Width of the frames in pixels.
        height: Height of the frames in pixels.
    """

    def __init__(self, sky: Sky, width: int, height: int) -> None:
        self.sky = sky
        self.ground = Foreground(sky.ground, sky.seed, width, height, sky.horizon)
        self.view = View(width, height, sky.horizon, self.ground.bare_rows)
        self.backdrop = Backdrop(self.view)
        self.decks = [
            Clouds(
                deck, sky.seed + 7919 * layer, self.view, self._drift(0.6 if layer else 1.0), self._toward()
            )
            for layer, deck in enumerate((sky.deck, sky.high))
            if deck is not None
        ][::-1]
        turn = np.deg2rad(sky.turn)
        self.stars = Stars(sky.seed, width, height, float(turn), sky.band) if self._night() else None
        rise = self.view.rise()
        self._clear = (1 - np.exp(-((rise + 0.01) / _HAZE)))[:, None].astype(np.float32)
        self._still = sky.sun_rate == 0 and sky.moon is None
        self._picture = np.zeros((height, width, 3), np.float32)
        self._work, self._gap = (np.zeros((self.view.rows, width), np.float32) for _ in range(2))
        covered = self.ground.mask[self.ground.top : self.view.rows, :, None]
        self._open = np.repeat(1 - covered, 3, axis=2)
        self._ground_lit: Plane | None = None
        rng = stream(sky.seed, "grain")
        noise = rng.standard_normal((height + _GRAIN_ROOM, width + _GRAIN_ROOM, 3), np.float32)
        self._grain = noise * np.float32(sky.grain)

    def frame(self, t: int) -> Frame:
        """Frame ``t`` as a new (height, width, 3) RGB array."""
        sun = self.sky.sun + self.sky.sun_rate * t
        now = light(sun) if self.sky.moon is None else light(sun).moonlit()
        disc = self._disc(now, sun, t)
        planes = self.backdrop.draw(now, disc, self.sky.gloom, still=self._still)
        if self.stars is not None and now.night > 0:
            moonlit = 0.45 if self.sky.moon is not None else 1.0
            self.stars.add(planes, t, now.night * moonlit)
        for clouds in self.decks:
            self._lay_clouds(planes, clouds.draw(t), now, disc)
        return self._developed(planes, now, t)

    def _night(self) -> bool:
        return self.sky.sun < -4 or self.sky.sun_rate < 0

    def _drift(self, share: float) -> tuple[float, float]:
        """The wind in deck heights a frame."""
        across = (self.sky.horizon + HAZE_DEPTH) * self.view.height
        scale = share * self.view.height / 360
        right, away = (v * scale for v in self.sky.wind)
        return right / across, away / across / (self.sky.horizon + HAZE_DEPTH)

    def _toward(self) -> tuple[float, float]:
        """The direction in the picture, (right, down), from the middle of the clouds to the sun or moon."""
        elevation = self.sky.sun if self.sky.moon is None else self.sky.moon
        right = (self.sky.sun_x - 0.5) * self.view.width
        down = self.view.row_of(elevation) - 0.35 * self.view.height
        length = float(np.hypot(right, down)) or 1.0
        return right / length, down / length

    def _disc(self, now: Light, sun: float, t: int) -> Disc:
        """The moon where there is one, else the sun."""
        unit = self.view.height / 360
        x = self.sky.sun_x * self.view.width
        if self.sky.moon is not None:
            rise = self.sky.moon + 0.02 * t
            x += 0.12 * t * unit
            return Disc(x, self.view.row_of(rise), 9 * unit, MOON, 1.3 * now.night, 0.7 * now.night)
        glare = float(np.clip((sun + 1.5) / 3, 0, 1)) * 1.2
        halo = float(np.clip((sun + 9) / 9, 0, 1)) * (0.95 if sun < 20 else 0.6)
        return Disc(x, self.view.row_of(sun), 11 * unit, now.sun, glare, halo)

    def _lay_clouds(self, planes: Plane, drawn: tuple[Plane, Plane], now: Light, disc: Disc) -> None:
        """Lays one deck over the sky, in place."""
        alpha, lightness = drawn
        np.multiply(alpha, self._clear, out=alpha)
        np.multiply(lightness, self._clear, out=lightness)
        glowing = np.multiply(lightness, self.backdrop.glow, out=self._work)
        clear = np.subtract(np.float32(1), alpha, out=self._gap)
        gloom = 1 - self.sky.gloom
        for channel, plane in enumerate(planes):
            dark, lit = now.shade[channel] * gloom, now.lit[channel] * gloom
            # plane * (1 - alpha) + dark * alpha + (lit - dark + glow) * lightness
            np.multiply(plane, clear, out=plane)
            cv2.scaleAdd(alpha, float(dark), plane, dst=plane)
            cv2.scaleAdd(lightness, float(lit - dark), plane, dst=plane)
            cv2.scaleAdd(glowing, 0.36 * float(disc.colour[channel]), plane, dst=plane)

    def _developed(self, planes: Plane, now: Light, t: int) -> Frame:
        """The finished picture: sky, ground before it, grain."""
        picture, top, rows = self._picture, self.ground.top, self.view.rows
        cv2.merge(list(planes), dst=picture[:rows])
        if self._ground_lit is None or self.sky.sun_rate:
            self._ground_lit = self._lit_ground(now)
        picture[rows:] = self._ground_lit[rows - top :]
        np.multiply(picture[top:rows], self._open, out=picture[top:rows])
        np.add(picture[top:rows], self._ground_lit[: rows - top], out=picture[top:rows])
        down, right = np.random.default_rng([self.sky.seed, t]).integers(0, _GRAIN_ROOM, 2)
        height, width = picture.shape[:2]
        out = np.empty(picture.shape, np.uint8)
        cv2.add(picture, self._grain[down : down + height, right : right + width], dst=out, dtype=cv2.CV_8U)
        return out

    def _lit_ground(self, now: Light) -> Plane:
        """The ground from its top row down, as bright as the moment makes it, times its mask."""
        tint = np.float32(now.ambient) * (0.6 + 0.4 * now.lit / 255)
        ground, top = self.ground, self.ground.top
        lit = np.asarray(ground.colour[top:] * tint, np.float32)
        if now.night:
            lit += ground.lamps[top:] * np.float32(now.night)
        return lit
