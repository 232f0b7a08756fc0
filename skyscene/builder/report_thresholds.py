"""What each filter compared its scores with."""

from __future__ import annotations

import math

from skyscene.builder.report_tables import Tables
from skyscene.store import THRESHOLD


def thresholds(tables: Tables) -> dict[str, float | None]:
    """Filter to its threshold, as the windows hold it; none where no window was judged by it."""
    return {name: _threshold(tables, THRESHOLD + name) for name in tables.recipe.get("filters", {})}


def _threshold(tables: Tables, column: str) -> float | None:
    values = (clip.get(column) for clips in tables.clips_of.values() for clip in clips)
    return next((float(value) for value in values if value is not None and math.isfinite(value)), None)
