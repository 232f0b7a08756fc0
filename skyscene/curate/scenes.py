"""Scenes: what is left of a source between its transitions."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from skyscene.records import Frames, Interval, Transition, subtract


def scene_intervals(frames: Frames, transitions: Iterable[Transition]) -> list[Interval]:
    """The shots of a source: sorted, disjoint, none empty, none across a transition or a gap.

    A frame flagged as a gap belongs to no scene.

    Args:
        frames: The whole source.
        transitions: What the detectors found, in any order.
    """
    found = [transition.interval for transition in transitions]
    damaged = [Interval(at, at + 1) for at in (np.flatnonzero(frames.gap) + frames.start).tolist()]
    cuts = sorted({interval.start for interval in found if interval.length == 0})
    scenes: list[Interval] = []
    for piece in subtract(frames.interval, found + damaged):
        inner = [cut for cut in cuts if piece.start < cut < piece.stop]
        edges = [piece.start, *inner, piece.stop]
        scenes += [Interval(a, b) for a, b in pairwise(edges)]
    return scenes
