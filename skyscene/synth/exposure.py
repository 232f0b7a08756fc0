"""Faults of exposure: darkness, flicker, steps."""

from __future__ import annotations

from collections.abc import Iterable

from skyscene.records import Interval
from skyscene.synth.frame import Frame, Stream, scaled
from skyscene.synth.noise import stream


def darken(frames: Iterable[Frame], interval: Interval, level: float = 0.02) -> Stream:
    """The stream with the interval at ``level`` of its brightness (0..1): at 0.02 nothing can be seen."""
    for index, frame in enumerate(frames):
        yield scaled(frame, level) if index in interval else frame


def flicker(frames: Iterable[Frame], interval: Interval, amplitude: float, seed: int = 0) -> Stream:
    """The stream with the brightness of each frame of the interval off by its own random share.

    Args:
        frames: The stream.
        interval: The frames that flicker.
        amplitude: Largest share that a frame is too bright or too dark by, 0..1.
        seed: Which frames are off, and by how much.
    """
    gains = 1 + stream(seed, "flicker").uniform(-amplitude, amplitude, interval.length)
    for index, frame in enumerate(frames):
        yield scaled(frame, float(gains[index - interval.start])) if index in interval else frame


def exposure_step(frames: Iterable[Frame], at: int, gain: float) -> Stream:
    """The stream times ``gain`` from frame ``at`` on, as when a camera changes its exposure."""
    for index, frame in enumerate(frames):
        yield scaled(frame, gain) if index >= at else frame
