"""Why windows were rejected: each reason with its meaning, its count and its colour."""

from __future__ import annotations

import importlib
import inspect
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from skyscene.builder.report_tables import Tables
from skyscene.curate import FILTERS

COLOURS = 8
"""Colours for reasons in the page's style; later reasons begin again."""

_OTHER: Mapping[str, str] = {
    "source-cap": "Rejects what is left when a source has given as many clips as one source may.",
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
    """

    name: str
    style: str
    meaning: str
    settings: Mapping[str, Any]
    count: int
    alone: int


def reasons(tables: Tables) -> list[Reason]:
    """The recipe's filters in their order, then every other reason that occurs."""
    count = Counter(name for clip in tables.clips for name in clip["reasons"])
    alone = Counter(clip["reasons"][0] for clip in tables.clips if len(clip["reasons"]) == 1)
    filters = tables.recipe.get("filters", {})
    names: Sequence[str] = [*filters, *sorted(set(count) - set(filters))]
    return [
        Reason(
            name=name,
            style=f"r{at % COLOURS}",
            meaning=_OTHER.get(name) or meaning(name, filters.get(name, {})),
            settings={key: value for key, value in filters.get(name, {}).items() if key != "use"},
            count=count[name],
            alone=alone[name],
        )
        for at, name in enumerate(names)
    ]


def meaning(name: str, settings: Mapping[str, Any]) -> str:
    """The first sentence of a shipped filter's own description.

    A filter of the user's own is named, not imported: looking at a folder runs no code that the folder names.

    >>> meaning("hail", {"use": "my.pkg:Hail"})
    'A filter of your own: my.pkg:Hail.'
    """
    use = str(settings.get("use", name))
    if ":" in use:
        return f"A filter of your own: {use}."
    if use not in FILTERS:
        return ""
    module, _, attribute = FILTERS[use].partition(":")
    text = inspect.getdoc(getattr(importlib.import_module(module), attribute)) or ""
    return " ".join(text.partition("\n\n")[0].split())
