"""The still ground under the sky: hills, trees, a meadow, a town. It has corners for a tracker to hold."""

from __future__ import annotations

from typing import Literal, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from skyscene.synth.noise import Plane, ridge, stream, tile

Ground: TypeAlias = Literal["hills", "forest", "meadow", "town", "sea", "none"]
_SCALE = 2
"""Drawn this many times larger, then shrunk, so that edges are smooth."""
_WALLS = np.array([[150, 138, 124], [126, 130, 138], [164, 152, 136], [108, 98, 92]], np.float32)


class Foreground:
    """A still picture below the sky, in three layers of (height, width) or (height, width, 3).

    Attributes:
        top: First row that any of it covers.
        mask: How much of each pixel it covers, 0..1.
        colour: Its colour in full daylight, 0..255.
        lamps: The colour of its lamps at night, 0..255; zero where there are none.
    """

    def __init__(self, ground: Ground, seed: int, width: int, height: int, horizon: float) -> None:
        rng = stream(seed, "foreground")
        canvas = _Canvas(width * _SCALE, height * _SCALE, horizon)
        _PAINTERS[ground](canvas, rng)
        size = (width, height)
        self.mask = _shrink(canvas.mask, size) / np.float32(255)
        self.colour = _shrink(canvas.colour, size)
        self.lamps = _shrink(canvas.lamps, size)
        covered = np.flatnonzero(self.mask.any(axis=1))
        self.top = int(covered[0]) if covered.size else height

    @property
    def bare_rows(self) -> int:
        """Rows from the top down that are not wholly covered: those in which sky can be seen."""
        open_rows = np.flatnonzero((self.mask < 1).any(axis=1))
        return int(open_rows[-1]) + 1 if open_rows.size else 1


class _Canvas:
    """The layers while they are painted, from far to near."""

    def __init__(self, width: int, height: int, horizon: float) -> None:
        self.width, self.height, self.horizon = width, height, horizon
        self.mask = np.zeros((height, width), np.uint8)
        self.colour = np.zeros((height, width, 3), np.float32)
        self.lamps = np.zeros((height, width, 3), np.float32)

    def paint(self, shape: npt.NDArray[np.uint8], colour: npt.NDArray[np.float32]) -> None:
        """Covers ``shape`` (255 inside) with a colour: one, or one a pixel."""
        x, y, width, height = cv2.boundingRect(shape)
        box = (slice(y, y + height), slice(x, x + width))
        inside = shape[box] > 0
        self.mask[box][inside] = 255
        self.colour[box][inside] = np.broadcast_to(colour, self.colour.shape)[box][inside]
        self.lamps[box][inside] = 0

    def below(self, line: Plane) -> npt.NDArray[np.uint8]:
        """The shape of all that lies below a line of rows."""
        rows = np.arange(self.height, dtype=np.float32)[:, None]
        return np.where(rows >= line[None, :], np.uint8(255), np.uint8(0))


def _shrink(layer: npt.NDArray[np.uint8] | Plane, size: tuple[int, int]) -> Plane:
    small = np.empty((size[1], size[0], *layer.shape[2:]), np.float32)
    cv2.resize(layer.astype(np.float32), size, dst=small, interpolation=cv2.INTER_AREA)
    return small


def _texture(canvas: _Canvas, rng: np.random.Generator, waves: float, stretch: float = 1.0) -> Plane:
    """Rough noise of about unit variance over the canvas, from ``waves`` a width down to its pixels.

    ``stretch`` above 1 draws it out upwards, below 1 sideways.
    """
    side = 256
    ratio = canvas.height / canvas.width / stretch
    rows, columns = (side, max(8, int(side / ratio))) if ratio > 1 else (max(8, int(side * ratio)), side)
    out = np.zeros((canvas.height, canvas.width), np.float32)
    part = rng.standard_normal(out.shape, np.float32)
    cv2.GaussianBlur(part, (0, 0), 1.0, dst=out)
    out *= 2.0
    for octave in range(3):
        noise = tile(rng, side, min(waves * 3**octave, side / 3))
        cv2.resize(noise[:rows, :columns], part.shape[::-1], dst=part, interpolation=cv2.INTER_CUBIC)
        out += 0.55 * part
    return out


def _hills(canvas: _Canvas, rng: np.random.Generator) -> None:
    """Three ranges, each nearer, darker and greener than the one behind."""
    blue, green = np.array([104, 124, 150], np.float32), np.array([52, 66, 38], np.float32)
    for layer in range(3):
        part = layer / 2
        height = canvas.height * (0.13 - 0.035 * layer)
        base = canvas.height * (canvas.horizon + 0.012 + 0.07 * layer)
        line = base - height * ridge(rng, canvas.width, rng.uniform(1.2, 2.2) + layer, 8, 0.5 - 0.04 * layer)
        relief = 1 + (0.06 + 0.16 * part) * _texture(canvas, rng, 9 + 9 * layer, 0.6)
        canvas.paint(canvas.below(line), ((1 - part) * blue + part * green) * relief[..., None])


def _forest(canvas: _Canvas, rng: np.random.Generator) -> None:
    """A range of hills with a line of conifers before it."""
    line = canvas.height * (canvas.horizon + 0.02 - 0.1 * ridge(rng, canvas.width, 1.6, 7))
    relief = 1 + 0.1 * _texture(canvas, rng, 14)
    canvas.paint(canvas.below(line), np.array([88, 106, 118], np.float32) * relief[..., None])
    floor = canvas.height * (canvas.horizon + 0.1 - 0.05 * ridge(rng, canvas.width, 2.0, 4))
    grass = 1 + 0.25 * _texture(canvas, rng, 24, 0.5)
    canvas.paint(canvas.below(floor), np.array([46, 54, 30], np.float32) * grass[..., None])
    for x in np.sort(rng.uniform(-0.02, 1.02, 70)):
        foot = float(floor[int(np.clip(x * canvas.width, 0, canvas.width - 1))]) + canvas.height * 0.03
        tall = canvas.height * float(rng.uniform(0.06, 0.2) if rng.random() < 0.8 else rng.uniform(0.2, 0.3))
        _conifer(canvas, rng, float(x) * canvas.width, foot, tall)


def _conifer(canvas: _Canvas, rng: np.random.Generator, x: float, foot: float, tall: float) -> None:
    """One tree: ragged branches that widen downwards."""
    levels = max(5, int(tall / 7))
    shape = np.zeros_like(canvas.mask)
    points = [(x, foot - tall)]
    right = []
    for level in range(1, levels + 1):
        y = foot - tall * (1 - level / levels)
        reach = tall * 0.19 * level / levels
        a, b = reach * rng.uniform(0.7, 1.2, 2)
        points += [(x - a, y), (x - 0.45 * a, y - 0.01 * tall)]
        right += [(x + b, y), (x + 0.45 * b, y - 0.01 * tall)]
    outline = np.array(points + right[::-1], np.float32).round().astype(np.int32)
    cv2.fillPoly(shape, [outline], 255)
    shade = float(rng.uniform(0.7, 1.25))
    canvas.paint(shape, np.array([24, 34, 24], np.float32) * shade)


def _meadow(canvas: _Canvas, rng: np.random.Generator) -> None:
    """Far hills, a field of grass, a few round trees."""
    line = canvas.height * (canvas.horizon + 0.015 - 0.07 * ridge(rng, canvas.width, 1.8, 7))
    canvas.paint(canvas.below(line), np.array([96, 112, 124], np.float32))
    field = canvas.height * (canvas.horizon + 0.05 - 0.03 * ridge(rng, canvas.width, 1.0, 3))
    blades = _texture(canvas, rng, 40, stretch=1.6)
    tufts = _texture(canvas, rng, 6, 0.4)
    grass = np.array([112, 108, 64], np.float32) * (1 + 0.1 * blades + 0.1 * tufts)[..., None]
    canvas.paint(canvas.below(field), grass)
    for _ in range(int(rng.integers(3, 7))):
        x = float(rng.uniform(0.03, 0.97)) * canvas.width
        foot = float(field[int(x)]) + canvas.height * float(rng.uniform(0.0, 0.05))
        _broadleaf(canvas, rng, x, foot, canvas.height * float(rng.uniform(0.06, 0.17)))


def _broadleaf(canvas: _Canvas, rng: np.random.Generator, x: float, foot: float, tall: float) -> None:
    """One tree: a trunk and a crown of many leaves."""
    shape = np.zeros_like(canvas.mask)
    trunk = max(1, int(tall * 0.05))
    cv2.line(shape, (int(x), int(foot)), (int(x), int(foot - tall * 0.6)), 255, trunk)
    crown = [
        (float(rng.normal(0, 0.2)), float(rng.normal(0, 0.14)), float(rng.uniform(0.1, 0.22)))
        for _ in range(7)
    ]
    for _ in range(400):
        cx, cy, size = crown[int(rng.integers(7))]
        angle, away = rng.uniform(0, 2 * np.pi), np.sqrt(rng.random()) * size
        leaf = (
            int(x + tall * (cx + away * np.cos(angle))),
            int(foot - tall * (0.62 - cy - 0.8 * away * np.sin(angle))),
        )
        cv2.circle(shape, leaf, max(1, int(tall * rng.uniform(0.01, 0.035))), 255, -1)
    canvas.paint(shape, np.array([36, 44, 22], np.float32) * float(rng.uniform(0.8, 1.2)))


def _town(canvas: _Canvas, rng: np.random.Generator) -> None:
    """A skyline in two rows; half of its windows are lit at night."""
    line = canvas.height * (canvas.horizon + 0.01 - 0.05 * ridge(rng, canvas.width, 1.5, 6))
    canvas.paint(canvas.below(line), np.array([110, 122, 136], np.float32))
    for row, (low, high, count) in enumerate(((0.04, 0.13, 30), (0.03, 0.2, 16))):
        for x in np.linspace(-0.03, 1.0, count) + rng.normal(0, 0.01, count):
            tall = float(rng.uniform(low, high) if rng.random() < 0.75 else rng.uniform(low, low + 0.03))
            wide = float(rng.uniform(0.6, 1.15)) * canvas.width / count
            _house(canvas, rng, float(x) * canvas.width, wide, tall * canvas.height, row)
    street = np.full(canvas.width, canvas.height * (canvas.horizon + 0.17), np.float32)
    ground = 1 + 0.3 * _texture(canvas, rng, 30)
    canvas.paint(canvas.below(street), np.array([58, 60, 52], np.float32) * ground[..., None])


def _house(canvas: _Canvas, rng: np.random.Generator, x: float, wide: float, tall: float, row: int) -> None:
    """One building with a grid of windows."""
    base = canvas.height * (canvas.horizon + 0.07 + 0.1 * row)
    left, right, top, foot = (
        int(v) for v in (x, x + wide, base - tall - 0.04 * canvas.height * row, base + 0.05 * canvas.height)
    )
    shape = np.zeros_like(canvas.mask)
    cv2.rectangle(shape, (left, top), (right, foot), 255, -1)
    wall = np.array(
        [[150, 138, 124], [126, 130, 138], [164, 152, 136], [108, 98, 92]][rng.integers(4)], np.float32
    )
    wall = wall * np.float32(0.7 + 0.15 * row)
    canvas.paint(shape, wall)
    step = max(4, canvas.height // 60)
    warm = np.array([255, 196, 112], np.float32)
    for y in range(top + step // 2, foot - step, step):
        for at in range(left + step // 2, right - step // 2, step):
            if not 0 <= at < canvas.width - step:
                continue
            pane = (slice(y, y + step // 2), slice(at, at + step // 2))
            canvas.colour[pane] = wall * 0.45
            if rng.random() < 0.4:
                canvas.lamps[pane] = warm * np.float32(rng.uniform(0.5, 1.0))


def _sea(canvas: _Canvas, rng: np.random.Generator) -> None:
    """Open water with a far coast; its waves stand still, as in a long exposure."""
    coast = canvas.height * (canvas.horizon + 0.012 - 0.04 * ridge(rng, canvas.width, 1.2, 7))
    line = np.full(canvas.width, canvas.height * canvas.horizon, np.float32)
    canvas.paint(canvas.below(coast), np.array([70, 84, 96], np.float32))
    waves = 1 + 0.1 * _texture(canvas, rng, 30, stretch=0.06)
    canvas.paint(canvas.below(line + 1), np.array([60, 86, 108], np.float32) * waves[..., None])
    rocks = canvas.height * (1.03 - 0.12 * ridge(rng, canvas.width, 3.0, 7))
    rough = 1 + 0.3 * _texture(canvas, rng, 20)
    canvas.paint(canvas.below(rocks), np.array([48, 44, 40], np.float32) * rough[..., None])


def _none(canvas: _Canvas, rng: np.random.Generator) -> None:
    """Nothing but sky."""


_PAINTERS = {"hills": _hills, "forest": _forest, "meadow": _meadow, "town": _town, "sea": _sea, "none": _none}
