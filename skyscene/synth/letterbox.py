"""Black (or other) bars round the picture."""

from __future__ import annotations

from collections.abc import Iterable

from skyscene.synth.frame import Frame, Stream


def bars(
    frames: Iterable[Frame],
    top: int = 0,
    bottom: int = 0,
    left: int = 0,
    right: int = 0,
    colour: tuple[int, int, int] = (0, 0, 0),
) -> Stream:
    """The stream with bars of ``colour`` laid over its edges; widths in pixels."""
    for frame in frames:
        height, width = frame.shape[:2]
        barred = frame.copy()
        barred[:top] = barred[height - bottom :] = colour
        barred[:, :left] = barred[:, width - right :] = colour
        yield barred
