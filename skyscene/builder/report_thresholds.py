"""What a filter compared its scores with. The tables do not hold it, so one window is judged again."""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from skyscene.builder.report_tables import Row, Tables
from skyscene.curate import FILTERS
from skyscene.errors import RecipeError
from skyscene.recipes import resolve
from skyscene.records import Filter, Frames, Interval
from skyscene.store import read_frames


def thresholds(tables: Tables) -> dict[str, float | None]:
    """Filter to its threshold; none where it cannot be known.

    A shipped filter tells it with the verdict on one window, made from the stored columns. A filter of the
    user's own is not imported here, and one of an older recipe may not be known any more; of these the first
    parameter that begins with ``max_`` or ``min_`` is taken.
    """
    window = _measured_window(tables)
    return {name: _threshold(name, table, window) for name, table in tables.recipe.get("filters", {}).items()}


def _measured_window(tables: Tables) -> tuple[Frames, Interval] | None:
    """Some window, with the columns of its scene."""
    scenes: Mapping[str, Row] = {scene["scene_id"]: scene for scene in tables.scenes}
    for source_id, clips in tables.clips_of.items():
        path = tables.folder.frames(source_id)
        scene = scenes.get(clips[0]["scene_id"])
        if scene is not None and path.is_file():
            whole = Interval(scene["frame_start"], scene["frame_stop"])
            return read_frames(path).cut(whole), Interval(clips[0]["frame_start"], clips[0]["frame_stop"])
    return None


def _threshold(name: str, table: Mapping[str, Any], window: tuple[Frames, Interval] | None) -> float | None:
    shipped = ":" not in str(table.get("use", name))
    if shipped and window is not None:
        with suppress(RecipeError, LookupError, ValueError):
            rule: Filter = resolve("filters", {name: table}, FILTERS)[name]
            value = float(rule.judge(*window).threshold)
            return value if math.isfinite(value) else None
    for key, value in table.items():
        if key.startswith(("max_", "min_")) and isinstance(value, int | float):
            return float(value)
    return None
