"""The curves under a source's axis: what the filters look at, each lane with one range for all sources."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from skyscene.builder.report.reasons import Reason
from skyscene.records import Column, Curve, Frames
from skyscene.report import downsample

_HOLE, _TOP = 255, 254
_OF_OTHERS = 3


@dataclass(frozen=True, slots=True)
class Lane:
    """One curve of one source.

    Attributes:
        curve: The curve.
        filter: Name of the filter that looks at it; "" for none.
    """

    curve: Curve
    filter: str


def lanes_of(frames: Frames, reasons: Sequence[Reason]) -> list[Lane]:
    """What the shipped filters look at, brightness and structure; of a user's own measures the first few."""
    lanes: list[Lane] = []
    for reason in reasons:
        if reason.shown is None:
            continue
        try:
            lanes += [Lane(curve, reason.name) for curve in reason.shown.curves(frames)]
        except (KeyError, IndexError, ValueError):  # columns of another version
            continue
    plain = [_brightness(frames), _structure(frames), *_others(frames)]
    return lanes + [Lane(curve, "") for curve in plain if curve]


def _brightness(frames: Frames) -> Curve | None:
    values = frames.columns.get("luma_mean")
    return None if values is None else Curve("brightness", "levels", values, 0, 255, meaning="Mean luma.")


def _structure(frames: Frames) -> Curve | None:
    values = frames.columns.get("change_fine")
    if values is None:
        return None
    means = "How much of the frame before is found again, 1 for all of it. A cut leaves hardly any."
    return Curve("structure kept", "", values, 0, 1, meaning=means)


_SHIPPED = ("luma_", "change_", "tiles_", "borders_", "camera_", "psd_content")


def _others(frames: Frames) -> list[Curve]:
    made = []
    for name, values in sorted(frames.columns.items()):
        numeric = values.ndim == 1 and np.issubdtype(values.dtype, np.number)
        if name.startswith(_SHIPPED) or not numeric:
            continue
        finite = values[np.isfinite(values)]
        if len(finite):
            made.append(Curve(name.replace("_", " "), "", values, float(finite.min()), float(finite.max())))
    return made[:_OF_OTHERS]


class LaneTable:
    """All lanes of a page: the same curve of all sources is one lane.

    Args:
        points: Most numbers a source may have in a lane.
    """

    def __init__(self) -> None:
        self._lanes: dict[tuple[str, str], dict[str, Any]] = {}

    def rows(self, order: Mapping[str, int]) -> list[dict[str, Any]]:
        """A row a lane, those of the filters first.

        Args:
            order: Filter to its number.
        """
        return [lane | {"filter": order.get(lane["filter"], -1)} for lane in self._lanes.values()]

    def add(self, lanes: Sequence[Lane], most: int) -> list[str | None]:
        """One source's curves as text, by the numbers of their lanes.

        Args:
            lanes: Its curves.
            most: Numbers a curve may have.
        """
        for lane in lanes:
            self._widen(lane)
        drawn = {(lane.filter, lane.curve.name): lane.curve for lane in lanes}
        return [
            pack(drawn[key].values, row["low"], row["high"], most) if key in drawn else None
            for key, row in self._lanes.items()
        ]

    def _widen(self, lane: Lane) -> None:
        """Makes a new lane; the first source of a lane decides its range."""
        curve = lane.curve
        self._lanes.setdefault(
            (lane.filter, curve.name),
            {
                "name": curve.name,
                "unit": curve.unit,
                "low": float(curve.low),
                "high": float(curve.high) if curve.high > curve.low else float(curve.low) + 1,
                "line": None if curve.line is None else float(curve.line),
                "meaning": curve.meaning,
                "filter": lane.filter,
            },
        )


def pack(values: Column, low: float, high: float, most: int) -> str:
    """Numbers as base64 of a byte each: 0 to 254 over the range, 255 where there is none.

    Of more than ``most`` numbers every stretch keeps its least and its largest.

    >>> base64.b64decode(pack(np.array([0.0, 5.0, 20.0, np.nan]), 0, 10, 9)).hex()
    '007ffeff'
    """
    numbers = np.asarray(values, dtype=np.float64)
    if len(numbers) > most:
        numbers = _thin(numbers, most)
    with np.errstate(invalid="ignore"):
        share = np.clip((numbers - low) / (high - low), 0, 1)
        steps = np.where(np.isfinite(share), np.round(share * _TOP), _HOLE)
    return base64.b64encode(steps.astype(np.uint8).tobytes()).decode("ascii")


def _thin(numbers: Column, most: int) -> Column:
    """Evenly spaced pairs of the least and the largest number of each stretch, in their order."""
    pairs = max(1, most // 2)
    edges = np.linspace(0, len(numbers), pairs + 1).astype(np.int64)
    thin = np.full(2 * pairs, np.nan)
    for at, (first, stop) in enumerate(pairwise(edges.tolist())):
        _, ends = downsample(numbers[first:stop], 2)
        thin[2 * at : 2 * at + 2] = (ends[0], ends[-1]) if len(ends) else np.nan
    return thin
