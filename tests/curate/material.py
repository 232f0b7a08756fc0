"""Made pictures and columns for the tests of curation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from skyscene import recipes
from skyscene.curate import DETECTORS, FILTERS, MEASURES
from skyscene.records import Column, Frames, Interval, SmallFrames, Transition, Verdict

HEIGHT, WIDTH, LENGTH = 72, 128, 80
Clip = npt.NDArray[np.uint8]
KNOWN = {"measures": MEASURES, "detectors": DETECTORS, "filters": FILTERS}


def component(section: str, name: str) -> Any:
    """The component as the shipped recipes have it."""
    for recipe in ("sky", "scenedetect"):
        table = recipes.load("pipelines", recipe).get(section, {})
        if name in table:
            return recipes.resolve(section, {name: table[name]}, KNOWN[section])[name]
    raise KeyError(name)


def cloud(seed: int, height: int = HEIGHT, width: int = WIDTH, grain: float = 6.0) -> npt.NDArray[np.float32]:
    """A smooth random texture, 40..200."""
    noise = np.random.default_rng(seed).normal(size=(height, width)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), grain)
    return cv2.normalize(smooth, None, 40, 200, cv2.NORM_MINMAX)


def drift(
    seed: int, frames: int, speed: float = 0.5, height: int = HEIGHT, width: int = WIDTH, evolve: int = 200
) -> Clip:
    """Clouds that drift to the left, other clouds after ``evolve`` frames."""
    wide = [cloud(seed + k, height, width + int(speed * frames) + 8) for k in range(2)]
    rows = []
    for k in range(frames):
        x, w = speed * k, k / max(frames, evolve)
        both = cv2.addWeighted(wide[0], 1 - w, wide[1], w, 0)
        shift = np.array([[1, 0, -x], [0, 1, 0]], np.float32)
        rows.append(cv2.warpAffine(both, shift, (width, height), flags=cv2.INTER_LINEAR))
    return np.clip(np.round(rows), 16, 235).astype(np.uint8)


def grey(y: Clip) -> tuple[Clip, Clip]:
    """Chroma planes without colour."""
    half = np.full((len(y), y.shape[1] // 2, y.shape[2] // 2), 128, dtype=np.uint8)
    return half, half.copy()


def pictures() -> tuple[Clip, Clip, Clip]:
    """Drifting clouds with some colour, a cut at 50, a bar at the top."""
    y = np.concatenate([drift(1, 50), drift(5, LENGTH - 50)])
    y[:, :8] = 16
    u, v = grey(y)
    u[:, 4:, 10:30] = 140
    v[30:, 4:, 20:40] = 120
    return y, u, v


def measured(measure: Any, y: Clip, u: Clip, v: Clip, size: int) -> dict[str, Column]:
    """All columns of a source, measured in batches of ``size``."""
    parts: list[Mapping[str, Column]] = []
    for start in range(0, len(y), size):
        stop = min(start + size, len(y))
        first, last = max(0, start - measure.reach), min(len(y), stop + measure.reach)
        core = slice(first, last)
        parts.append(measure.measure(SmallFrames(y[core], u[core], v[core], first, Interval(start, stop))))
    return {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}


def frames_of(y: Clip, *names: str) -> Frames:
    """The columns of grey pictures by the named measures of the shipped recipes."""
    u, v = grey(y)
    columns: dict[str, Column] = {}
    for name in names:
        columns |= measured(component("measures", name), y, u, v, 64)
    return frames_with(columns, y.shape[2], y.shape[1])


def frames_with(columns: Mapping[str, Column], width: int = WIDTH, height: int = HEIGHT) -> Frames:
    """Columns without pictures."""
    count = len(next(iter(columns.values())))
    return Frames(
        pts=np.arange(count),
        luma_hash=np.zeros(count, dtype=np.uint64),
        gap=np.zeros(count, dtype=np.bool_),
        columns=columns,
        versions={},
        fps=30.0,
        width=width,
        height=height,
    )


def found(name: str, frames: Frames) -> list[Transition]:
    """What a shipped detector finds."""
    return list(component("detectors", name).detect(frames))


def judged(name: str, frames: Frames, interval: Interval) -> Verdict:
    """What a shipped filter says."""
    verdict: Verdict = component("filters", name).judge(frames, interval)
    return verdict
