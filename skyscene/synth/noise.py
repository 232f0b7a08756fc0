"""Seeded random textures that repeat without a seam."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Plane: TypeAlias = npt.NDArray[np.float32]


def stream(seed: int, purpose: str) -> np.random.Generator:
    """A generator of its own for one purpose, so that no draw shifts the draws of another.

    >>> float(stream(1, "stars").random()) == float(stream(1, "clouds").random())
    False
    """
    return np.random.default_rng([seed, *purpose.encode()])


def tile(rng: np.random.Generator, size: int, waves: float, billow: float = 0.0) -> Plane:
    """A square texture that wraps round, of zero mean and unit variance.

    The noise is isotropic and limited to one octave around ``waves`` periods a side, so that it can be
    sampled, shifted and magnified smoothly.

    Args:
        rng: Where the randomness comes from.
        size: Side of the texture in texels.
        waves: Periods a side; at most a third of ``size``.
        billow: 0 for smooth waves .. 1 for rounded puffs with sharp creases between them.
    """
    spectrum = np.fft.rfft2(rng.standard_normal((size, size)))
    cycles = np.hypot(np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None, :]) * size
    with np.errstate(divide="ignore"):
        octaves = np.log2(cycles / waves)
    noise = np.fft.irfft2(spectrum * np.exp(-4.0 * octaves**2), s=(size, size))
    noise /= noise.std()
    if billow:
        noise = (1 - billow) * noise + billow * 2.0 * np.abs(noise)
    noise = (noise - noise.mean()) / noise.std()
    return np.asarray(noise, np.float32)


def ridge(rng: np.random.Generator, width: int, waves: float, octaves: int = 6, gain: float = 0.5) -> Plane:
    """A rough line of ``width`` heights within 0 .. 1: the outline of hills.

    Args:
        rng: Where the randomness comes from.
        width: Number of heights.
        waves: Hills along the line.
        octaves: Levels of detail.
        gain: How strong each level is, seen from the one before.
    """
    at = np.linspace(0.0, 1.0, width)
    line = np.zeros(width)
    for octave in range(octaves):
        count = max(2, round(waves * 2**octave))
        knots = rng.random(count + 3)
        line += gain**octave * _smooth(knots, at * count + 1)
    low, high = line.min(), line.max()
    return np.asarray((line - low) / max(high - low, 1e-6), np.float32)


def _smooth(knots: npt.NDArray[np.float64], at: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The knots' values at fractional positions, joined by half cosines."""
    left = np.minimum(at.astype(int), knots.size - 2)
    part = (1 - np.cos(np.pi * (at - left))) / 2
    return np.asarray(knots[left] * (1 - part) + knots[left + 1] * part)
