"""A deck of clouds that drifts and evolves, seen in perspective."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import cv2
import numpy as np

from skyscene.synth.noise import Plane, stream, tile
from skyscene.synth.view import View

_TEXELS = 256
_LACUNARITY = 2.1
_TAPER = 1.2
"""How much denser a cloud must be to reach its deck's highest top, in standard deviations."""
_SLICES = 7
_LARGE = 3
"""Octaves that make the shape of whole clouds; the rest are detail."""
_BASE_TONE = 0.56
_NEAR = 0.35
"""How far ahead the relief of small puffs is felt, as a share of how far shadows are."""
_MISTY = 2.0
_FINEST = 3.0
"""Shortest wave worth drawing, in pixels."""


@dataclass(frozen=True, slots=True)
class Deck:
    """What a deck of clouds looks like.

    Attributes:
        cover: Share of the sky it hides, 0..1.
        size: Length of the largest clouds, in heights of the deck.
        tower: How far tops rise above bases, as a share of the deck's height; 0 is a flat layer.
        soft: Width of the edges; 0.1 is a crisp cumulus, 2 is mist.
        rough: Strength of each octave seen from the one before, 0.4..0.7.
        billow: 0 for smooth waves .. 1 for cauliflower.
        relief: How much brighter the sides of small puffs are that face the sun, 0..1.
        stretch: How many times longer along the wind than across it (cirrus 4 and more).
        thick: How strongly a cloud shades what lies behind it from the sun; 0 is none, 1 is much.
        evolve: How much faster small waves drift apart from large ones; 0 is a rigid pattern.
    """

    cover: float
    size: float = 0.9
    tower: float = 0.0
    soft: float = 0.5
    rough: float = 0.55
    billow: float = 0.0
    stretch: float = 1.0
    thick: float = 0.35
    relief: float = 0.25
    evolve: float = 0.12


class _Octave:
    """One octave of the deck: a texture, where each pixel samples it, and how it drifts."""

    def __init__(
        self,
        rng: np.random.Generator,
        deck: Deck,
        view: View,
        wave: float,
        gain: float,
        drift: tuple[float, float],
    ) -> None:
        footprint = view.footprint() / wave
        fade = np.clip((1 / _FINEST - footprint) / (0.5 / _FINEST), 0, 1).astype(np.float32)
        self.rows = max(1, int(np.count_nonzero(fade)))
        fade *= gain
        self.fade = np.ascontiguousarray(np.broadcast_to(fade[: self.rows, None], (self.rows, view.width)))
        across = max(6.0, min(40.0, view.height * wave / 10))
        texture = tile(rng, _TEXELS, _TEXELS / across, deck.billow)
        texels = across / wave
        depth = view.depth()[: self.rows, None]
        x = depth * view.lateral()[None, :] * texels / deck.stretch
        y = np.broadcast_to(depth * texels, x.shape)
        self.x, self.y = (np.ascontiguousarray(a - a.min() + 1, np.float32) for a in (x, y))
        self.texture = _repeat(texture, int(self.y.max()) + 3, int(self.x.max()) + 3)
        self.start = rng.uniform(0, _TEXELS, 2)
        self.drift = (drift[0] * texels / deck.stretch, drift[1] * texels)
        self._xy = np.empty((2, self.rows, view.width), np.float32)
        self._out = np.empty((self.rows, view.width), np.float32)

    def add(self, total: Plane, t: int) -> None:
        """Adds frame ``t`` of the octave to ``total`` (rows, width), faded where its waves are too short."""
        dx, dy = ((s + t * d) % _TEXELS for s, d in zip(self.start, self.drift, strict=True))
        np.add(self.x, np.float32(dx), out=self._xy[0])
        np.add(self.y, np.float32(dy), out=self._xy[1])
        cv2.remap(self.texture, self._xy[0], self._xy[1], cv2.INTER_LINEAR, dst=self._out)
        cv2.accumulateProduct(self._out, self.fade, total[: self.rows])


def _repeat(texture: Plane, rows: int, columns: int) -> Plane:
    """The texture repeated so that any start within it leaves room for ``rows`` by ``columns``."""
    return np.pad(texture, ((0, rows), (0, columns)), mode="wrap")


class Clouds:
    """Draws one deck; frame ``t`` depends on nothing but ``t``.

    The large waves and the shading of slices are computed at half size; they are smooth.

    Args:
        deck: Its look.
        seed: Its shapes.
        view: The camera.
        wind: Drift in deck heights a frame, to the right and away from the camera.
        toward: Direction in the picture in which the sun stands, (right, down), of length 1.
    """

    def __init__(
        self, deck: Deck, seed: int, view: View, wind: tuple[float, float], toward: tuple[float, float]
    ) -> None:
        self.deck, self.view = deck, view
        self._half = View(-(-view.width // 2), -(-view.height // 2), view.horizon, -(-view.rows // 2))
        self._level = NormalDist().inv_cdf(min(max(1 - deck.cover, 1e-4), 1 - 1e-4))
        self._large: list[_Octave] = []
        self._small: list[_Octave] = []
        self._make_octaves(seed, wind)
        reach = 0.035 * view.height
        self._shift = (round(toward[0] * reach), round(toward[1] * reach))
        self._margin = max(abs(v) for v in self._shift)
        shape, half = (view.rows, view.width), (self._half.rows, self._half.width)
        self._swell, self._slice, self._cover, self._tone, self._peak = (
            np.zeros(half, np.float32) for _ in range(5)
        )
        self._excess, self._alpha, self._light = (np.zeros(shape, np.float32) for _ in range(3))
        edge = 2 * self._margin
        self._wide = np.zeros((view.rows + edge, view.width + edge), np.float32)

    def _make_octaves(self, seed: int, wind: tuple[float, float]) -> None:
        rng, deck = stream(seed, "clouds"), self.deck
        waves = [deck.size / _LACUNARITY**octave for octave in range(12)]
        waves = [wave for wave in waves if wave > _FINEST * float(self.view.footprint().min())] or waves[:1]
        gains = [deck.rough**octave for octave in range(len(waves))]
        norm = float(np.linalg.norm(gains))
        # Misty decks have no detail that half the size could not show.
        large = _LARGE if deck.soft < _MISTY else len(waves)
        for octave, (wave, gain) in enumerate(zip(waves, gains, strict=True)):
            apart = rng.normal(0, deck.evolve, 2) * float(np.hypot(*wind))
            drift = (-wind[0] + float(apart[0]), -wind[1] + float(apart[1]))
            view, octaves = (self._half, self._large) if octave < large else (self.view, self._small)
            octaves.append(_Octave(rng, deck, view, wave, gain / norm, drift))

    def draw(self, t: int) -> tuple[Plane, Plane]:
        """Opacity and lightness at frame ``t``, both (rows, width) in 0..1, in buffers that are reused.

        Lightness is the share of the sun's light times the opacity.
        """
        self._stack(t)
        excess, size = self._excess, (self.view.width, self.view.rows)
        cv2.resize(self._peak, size, dst=excess, interpolation=cv2.INTER_LINEAR)
        for octave in self._small:
            octave.add(excess, t)
        cv2.resize(self._tone, size, dst=self._light, interpolation=cv2.INTER_LINEAR)
        self._shadow(excess)
        np.multiply(excess, np.float32(1 / self.deck.soft), out=self._alpha)
        np.clip(self._alpha, 0, 1, out=self._alpha)
        np.multiply(self._light, self._alpha, out=self._light)
        return self._alpha, self._light

    def _shadow(self, excess: Plane) -> None:
        """Takes from the light what the cloud between a pixel and the sun swallows."""
        if not self.deck.thick:
            return
        margin, (right, down) = self._margin, self._shift
        rows, columns = excess.shape
        cv2.copyMakeBorder(excess, margin, margin, margin, margin, cv2.BORDER_REPLICATE, dst=self._wide)

        def moved(share: float) -> Plane:
            y, x = margin + round(share * down), margin + round(share * right)
            return self._wide[y : y + rows, x : x + columns]

        slope = np.subtract(excess, moved(_NEAR), out=self._alpha)
        cv2.scaleAdd(slope, self.deck.relief, self._light, dst=self._light)
        np.clip(self._light, 0, 1.15, out=self._light)
        ahead, swallowed = moved(1), self._alpha
        np.multiply(ahead, np.float32(self.deck.thick), out=swallowed)
        np.maximum(swallowed, np.float32(0), out=swallowed)
        np.add(swallowed, np.float32(1), out=swallowed)
        np.divide(self._light, swallowed, out=self._light)

    def _stack(self, t: int) -> None:
        """Sets how far the large waves exceed the level of cloud, and the tone of what is seen first.

        The deck is a stack of slices. Seen in perspective, a higher slice is the same picture shrunk less
        towards a row below the horizon, so that one vertical scaling a slice gives tops that stand above
        flat bases. They are laid one over the other from the top slice, the farthest from the eye, down.
        """
        swell = self._swell
        swell.fill(0)
        for octave in self._large:
            octave.add(swell, t)
        if not self.deck.tower:
            np.subtract(swell, np.float32(self._level), out=self._peak)
            self._tone.fill(1)
            return
        self._peak.fill(-9)
        self._tone.fill(1)
        for index in reversed(range(_SLICES)):
            part = index / (_SLICES - 1)
            self._lay(self._raised(swell, 1 + self.deck.tower * part), part)

    def _raised(self, swell: Plane, ratio: float) -> Plane:
        fixed = self._half.fixed_row - 0.5
        matrix = np.array([[1, 0, 0], [0, 1 / ratio, fixed * (1 - 1 / ratio)]], np.float32)
        cv2.warpAffine(
            swell,
            matrix,
            (self._half.width, self._half.rows),
            dst=self._slice,
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return self._slice

    def _lay(self, swell: Plane, part: float) -> None:
        """Lays one slice over what is drawn so far; ``part`` is its height, 0 at the base .. 1 at the top."""
        cover = self._cover
        np.subtract(swell, np.float32(self._level + _TAPER * part**2), out=cover)
        np.maximum(self._peak, cover, out=self._peak)
        np.multiply(cover, np.float32(1 / self.deck.soft), out=cover)
        np.clip(cover, 0, 1, out=cover)
        # tone += cover * (tone of this slice - tone)
        np.subtract(np.float32(_BASE_TONE + (1 - _BASE_TONE) * part), self._tone, out=self._slice)
        np.multiply(self._slice, cover, out=self._slice)
        np.add(self._tone, self._slice, out=self._tone)
