"""A sky as a handful of numbers, and the kinds of sky that are known by name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, get_args

import numpy as np

from skyscene.synth.clouds import Deck
from skyscene.synth.foreground import Ground
from skyscene.synth.noise import stream

Kind: TypeAlias = Literal[
    "cumulus", "towers", "cirrus", "overcast", "storm", "sunset", "sunrise", "dusk", "stars", "moon"
]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Sky:
    """All that decides a rendered sky; the same values give the same bytes.

    Attributes:
        seed: Shapes of clouds, ground and stars, and the grain.
        deck: The main clouds; none for a clear sky.
        high: A second, higher and slower deck behind them; none for no such deck.
        wind: Drift of the clouds at the top of the picture, in pixels a frame of a picture 360 high, (to
            the right, away from the camera); scaled with the picture.
        sun: Elevation of the sun in degrees at frame 0; above 36 it is out of the picture.
        sun_rate: Degrees that the sun rises a frame; negative when it sets.
        sun_x: Where the sun or moon stands, as a share of the width from the left.
        moon: Elevation of the moon in degrees at frame 0; none for a moonless night.
        turn: Degrees a frame that the stars turn.
        band: Brightness of the Milky Way, 0..1.
        gloom: How much darker than usual the clouds are, 0..1.
        ground: What stands below the sky.
        horizon: Row of the horizon as a share of the height from the top.
        grain: Standard deviation of the sensor's noise, of 255.
    """

    seed: int
    deck: Deck | None = None
    high: Deck | None = None
    wind: tuple[float, float] = (1.6, 0.5)
    sun: float = 45.0
    sun_rate: float = 0.0
    sun_x: float = 0.7
    moon: float | None = None
    turn: float = 0.1
    band: float = 0.0
    gloom: float = 0.0
    ground: Ground = "hills"
    horizon: float = 0.76
    grain: float = 1.2

    @classmethod
    def named(cls, kind: Kind, seed: int, wind: tuple[float, float] | None = None) -> Sky:
        """A sky of a kind; the seed varies its clouds, ground, wind and light within the kind.

        Args:
            kind: One of `KINDS`.
            seed: Any non-negative number.
            wind: The wind to use in place of the seed's own.

        >>> Sky.named("stars", 3).sun < -10
        True
        """
        rng = stream(seed, kind)
        speed, angle = rng.uniform(1.2, 2.6), rng.uniform(-0.6, 0.9)
        sign = 1 if rng.random() < 0.5 else -1
        base = cls(
            seed=seed,
            wind=(round(sign * speed * float(np.cos(angle)), 3), round(speed * float(np.sin(angle)), 3)),
            sun_x=round(float(rng.uniform(0.2, 0.8)), 3),
            horizon=round(float(rng.uniform(0.72, 0.8)), 3),
            ground=_GROUNDS[int(rng.integers(len(_GROUNDS)))],
        )
        sky = _dressed(base, kind, float(rng.uniform(-1, 1)))
        return sky if wind is None else replace(sky, wind=wind)


_GROUNDS: tuple[Ground, ...] = ("hills", "forest", "meadow", "town", "sea")


def _cumulus(cover: float) -> Deck:
    return Deck(cover=cover, size=1.0, tower=0.16, soft=0.4, rough=0.53, billow=0.55, thick=0.4, relief=0.32)


def _cirrus(cover: float) -> Deck:
    return Deck(cover=cover, size=0.8, soft=3.2, rough=0.68, stretch=3.0, thick=0.0)


def _layer(cover: float, soft: float = 0.9) -> Deck:
    return Deck(cover=cover, size=1.3, soft=soft, rough=0.58, billow=0.25, stretch=1.5, thick=0.8)


def _dressed(sky: Sky, kind: Kind, vary: float) -> Sky:
    """The sky with the clouds and light of a kind; ``vary`` in -1..1 moves them within the kind."""
    match kind:
        case "cumulus":
            return replace(sky, deck=_cumulus(0.32 + 0.08 * vary), high=_cirrus(0.25), sun=48.0)
        case "towers":
            deck = replace(_cumulus(0.5 + 0.08 * vary), tower=0.26, size=1.5)
            return replace(sky, deck=deck, sun=40.0, gloom=0.15)
        case "cirrus":
            return replace(sky, deck=_cirrus(0.5 + 0.1 * vary), sun=28.0 + 4 * vary, sun_rate=0.01)
        case "overcast":
            return replace(sky, deck=_layer(0.985, 1.2), sun=40.0, gloom=0.3 + 0.1 * vary)
        case "storm":
            deck = replace(_layer(0.95, 0.8), billow=0.4, thick=1.0)
            return replace(sky, deck=deck, sun=40.0, gloom=0.5)
        case "sunset" | "sunrise":
            sign = -1 if kind == "sunset" else 1
            deck = _layer(0.52 + 0.12 * vary, 0.7)
            return replace(sky, deck=deck, high=_cirrus(0.4), sun=3.0 - 4.5 * sign, sun_rate=0.03 * sign)
        case "dusk":
            return replace(sky, deck=_layer(0.38 + 0.1 * vary, 0.8), sun=-1.0, sun_rate=-0.05, band=0.5)
        case "stars":
            return replace(sky, deck=_layer(0.12 + 0.08 * vary, 1.2), sun=-20.0, band=1.0, grain=2.0)
        case "moon":
            deck = replace(_layer(0.45 + 0.1 * vary, 1.4), size=0.9)
            return replace(sky, deck=deck, sun=-16.0, moon=20.0 + 4 * vary, grain=2.0)
