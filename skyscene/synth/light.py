"""The colours of a sky by the sun's elevation."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Colour = npt.NDArray[np.float32]

# One entry an elevation in degrees; colours are display RGB 0..255 as a time-lapse is graded.
# fmt: off
_ELEVATION = (-18.0, -9.0, -5.0, -1.0, 4.0, 14.0, 45.0)
_ZENITH = (
    (7, 10, 24), (16, 26, 66), (30, 50, 112), (52, 84, 154), (58, 108, 184), (44, 108, 198), (26, 88, 186),
)
_HORIZON = (
    (20, 25, 46), (86, 66, 92), (214, 112, 78), (250, 146, 72), (252, 192, 124), (196, 214, 234),
    (164, 202, 236),
)
_LIT = (
    (30, 35, 54), (70, 64, 96), (206, 100, 92), (255, 146, 92), (255, 206, 156), (255, 243, 228),
    (255, 255, 255),
)
_SHADE = (
    (9, 11, 20), (30, 34, 58), (62, 54, 88), (92, 78, 108), (116, 112, 136), (138, 148, 170), (132, 146, 170),
)
_SUN = (
    (0, 0, 0), (0, 0, 0), (120, 40, 16), (255, 116, 36), (255, 176, 84), (255, 232, 190), (255, 248, 232),
)
# fmt: on
_AMBIENT = ((0.035,), (0.09,), (0.16,), (0.28,), (0.5,), (0.85,), (1.0,))


MOON: Colour = np.array([196, 206, 226], np.float32)
"""Colour of the moon."""


@dataclass(frozen=True, slots=True)
class Light:
    """The colours of one moment; display RGB in 0..255.

    Attributes:
        zenith: Clear sky overhead.
        horizon: Clear sky at the horizon.
        lit: A cloud that faces the sun.
        shade: A thick cloud seen from below.
        sun: Glow round the sun.
        ambient: How bright the ground is, 0..1.
        night: How much of the stars and the town's lights is seen, 0..1.
    """

    zenith: Colour
    horizon: Colour
    lit: Colour
    shade: Colour
    sun: Colour
    ambient: float
    night: float

    def moonlit(self) -> Light:
        """The same moment with a high moon: blue sky, silver clouds, the ground to be made out."""
        share = np.float32(self.night)
        return replace(
            self,
            zenith=self.zenith + share * np.array([0, 10, 22], np.float32),
            horizon=self.horizon + share * np.array([6, 24, 36], np.float32),
            lit=self.lit + share * MOON * np.float32(0.36),
            shade=self.shade + share * MOON * np.float32(0.07),
            ambient=self.ambient + 0.06 * self.night,
        )


def light(elevation: float) -> Light:
    """The light with the sun ``elevation`` degrees above the horizon (negative after sunset).

    >>> light(-30.0).night, light(20.0).night
    (1.0, 0.0)
    """

    def at(table: tuple[tuple[float, ...], ...]) -> Colour:
        columns = zip(*table, strict=True)
        return np.array([np.interp(elevation, _ELEVATION, column) for column in columns], np.float32)

    night = float(np.clip((-4.0 - elevation) / 8.0, 0.0, 1.0))
    return Light(
        zenith=at(_ZENITH),
        horizon=at(_HORIZON),
        lit=at(_LIT),
        shade=at(_SHADE),
        sun=at(_SUN),
        ambient=float(at(_AMBIENT)[0]),
        night=night,
    )
