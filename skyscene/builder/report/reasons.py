"""Why windows were rejected: each reason with its meaning, its count and its colour."""

from __future__ import annotations

import inspect
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from skyscene.builder.report.tables import Tables
from skyscene.curate import FILTERS
from skyscene.errors import RecipeError
from skyscene.recipes import resolve
from skyscene.records import Scale, Shown
from skyscene.store import THRESHOLD

COLOURS = 8
"""Colours for reasons in the page's style; later reasons begin again."""

CAP = "source-cap"
_OTHER: Mapping[str, str] = {
    CAP: "Rejects what is left when a source has given as many clips as one source may.",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a rejection.

    Attributes:
        name: The filter's name, or "source-cap".
        style: CSS class that gives its colour.
        meaning: One line on what is rejected; empty where nobody says.
        settings: The filter's parameters.
        count: Windows it rejected.
        alone: Windows that nothing else rejected.
        shown: The filter itself, where it is a shipped one; else none.
        threshold: What its scores were compared with, as the windows hold it; none where no window does.
    """

    name: str
    style: str
    meaning: str
    settings: Mapping[str, Any]
    count: int
    alone: int
    shown: Shown | None
    threshold: float | None

    @property
    def scale(self) -> Scale | None:
        """What its score counts; none where nobody says."""
        return self.shown.scale if self.shown else None


def reasons(tables: Tables) -> list[Reason]:
    """The recipe's filters in their order, then every other reason that occurs."""
    count = Counter(name for clip in tables.clips for name in clip["reasons"])
    alone = Counter(clip["reasons"][0] for clip in tables.clips if len(clip["reasons"]) == 1)
    filters = tables.recipe.get("filters", {})
    names: Sequence[str] = [*filters, *sorted(set(count) - set(filters))]
    made = []
    for at, name in enumerate(names):
        settings = filters.get(name, {})
        shown = shipped(name, settings) if name in filters else None
        made.append(
            Reason(
                name=name,
                style=f"r{at % COLOURS}",
                meaning=_OTHER.get(name) or meaning(settings, shown),
                settings={key: value for key, value in settings.items() if key != "use"},
                count=count[name],
                alone=alone[name],
                shown=shown,
                threshold=_threshold(tables, THRESHOLD + name),
            )
        )
    return made


def shipped(name: str, settings: Mapping[str, Any]) -> Shown | None:
    """A shipped filter as the recipe has it; none where the recipe names one of the user's own.

    A filter of the user's own is not imported: looking at a folder runs no code that the folder names.
    """
    use = settings.get("use", name)
    if not isinstance(use, str) or use not in FILTERS:
        return None
    try:
        component = resolve("filters", {name: settings}, FILTERS)[name]
    except RecipeError:  # a recipe of another version
        return None
    return cast(Shown, component) if hasattr(component, "scale") and hasattr(component, "curves") else None


def meaning(settings: Mapping[str, Any], shown: object) -> str:
    """The first sentences of a shipped filter's own description.

    >>> meaning({"use": "my.pkg:Hail"}, None)
    'A filter of your own: my.pkg:Hail.'
    """
    if shown is not None:
        return " ".join((inspect.getdoc(shown) or "").partition("\n\n")[0].split())
    use = str(settings.get("use", ""))
    return f"A filter of your own: {use}." if ":" in use else ""


def _threshold(tables: Tables, column: str) -> float | None:
    values = (clip.get(column) for clip in tables.clips)
    return next((float(value) for value in values if value is not None and math.isfinite(value)), None)
