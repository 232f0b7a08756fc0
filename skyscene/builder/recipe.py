"""A curation recipe: the stages of a build, resolved from ``pipelines/*.toml``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Literal

import pydantic

from skyscene.collect import YtDlp
from skyscene.curate import DETECTORS, FILTERS, LABELERS, MEASURES, Bars, Windows
from skyscene.errors import RecipeError
from skyscene.media import ClipSettings, MediaLimits, Size
from skyscene.recipes import Settings, load, nearest, resolve, resolve_overridden
from skyscene.recipes import build as build_model
from skyscene.records import Detector, Filter, Labeler, Measure

Table = dict[str, Any]
Pixels = Annotated[int, pydantic.Field(ge=1, le=4096)]


class AnalysisSettings(Settings):
    """The small pictures that are measured; ``[analysis]`` of a recipe.

    Attributes:
        width: Longest side in pixels.
        batch: Frames measured at once; it cannot change a number.
        thumb_width: Longest side in pixels of the pictures kept for the report.
        thumb_stride: A picture is kept every so many frames, fewer for very long sources.
    """

    width: int = pydantic.Field(ge=32, le=512)
    batch: int = pydantic.Field(ge=1, le=1024)
    thumb_width: int = pydantic.Field(ge=32, le=512)
    thumb_stride: int = pydantic.Field(ge=1)


class CacheSettings(Settings):
    """The packed frames that training reads; ``[cache]`` of a recipe.

    Attributes:
        size: Width and height in pixels.
        fit: "squash" the whole picture as the papers do, or "crop" its middle.
    """

    size: tuple[Pixels, Pixels]
    fit: Literal["squash", "crop"]

    @property
    def shape(self) -> Size:
        """The size as a `Size`."""
        return Size(*self.size)


@dataclass(frozen=True, slots=True)
class Recipe:
    """All stages, checked.

    Attributes:
        name: The recipe's name or path.
        table: The resolved table, as it is written beside the output.
    """

    name: str
    table: Table
    download: YtDlp
    media: MediaLimits
    analysis: AnalysisSettings
    bars: Bars
    windows: Windows
    clips: ClipSettings
    cache: CacheSettings
    measures: Mapping[str, Measure]
    detectors: Mapping[str, Detector]
    filters: Mapping[str, Filter]
    labelers: Mapping[str, Labeler]

    def clip_settings_key(self) -> str:
        """What a clip's bytes depend on besides its source, interval and crop; never a threshold."""
        parts = {
            "windows": {"length": self.windows.length, "stride": self.windows.stride},
            "clips": self.table["clips"],
            "cache": self.table["cache"],
        }
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


_PLAIN: Mapping[str, type[Settings]] = {
    "media": MediaLimits,
    "analysis": AnalysisSettings,
    "windows": Windows,
    "clips": ClipSettings,
    "cache": CacheSettings,
}
_NAMED: Mapping[str, type[Settings]] = {"download": YtDlp, "bars": Bars}
_COMPONENTS: Mapping[str, Mapping[str, str]] = {
    "measures": MEASURES,
    "detectors": DETECTORS,
    "filters": FILTERS,
    "labelers": LABELERS,
}
NOT_DECIDING = ("description", "download", "media")
"""Sections that say how a build is carried out, and cannot change what it contains."""


def load_recipe(name: str = "sky", overrides: Iterable[str] = ()) -> Recipe:
    """The recipe of that name with ``section.key=value`` overrides.

    Raises:
        RecipeError: Every fault at once.
    """
    return resolve_overridden(load("pipelines", name), overrides, partial(resolve_recipe, name))


def resolve_recipe(name: str, table: Table) -> Recipe:
    """A recipe from its table.

    Raises:
        RecipeError: Every fault at once: unknown sections, keys and components, wrong values.
    """
    parts: dict[str, Any] = {}
    sections = {**_PLAIN, **_NAMED, **_COMPONENTS}
    faults = [
        f"{section}: unknown section; {nearest(section, sections)}"
        for section in table
        if section not in sections and section != "description"
    ]
    for section in sections:
        content = table.get(section, {})
        try:
            if not isinstance(content, Mapping):
                raise RecipeError(f"{section} = {content!r}: must be a table")
            if section in _COMPONENTS:
                parts[section] = resolve(section, content, _COMPONENTS[section])
                faults += _without_method(section, parts[section])
            elif section in _NAMED:
                parts[section] = build_model(_NAMED[section], {"name": section, **content}, section)
            else:
                parts[section] = build_model(_PLAIN[section], content, section)
        except RecipeError as error:
            faults += error.problems
    if faults:
        raise RecipeError([f"recipe {name}: {fault}" for fault in faults])
    return Recipe(name=name, table=table, **parts)


_METHOD = {"measures": "measure", "detectors": "detect", "filters": "judge", "labelers": "label"}


def _without_method(section: str, components: Mapping[str, Any]) -> list[str]:
    method = _METHOD[section]
    return [
        f"{section}.{name}: {type(part).__name__} has no method {method}"
        for name, part in components.items()
        if not callable(getattr(part, method, None))
    ]


@dataclass(frozen=True, slots=True)
class Cutting:
    """The part of a recipe that says how clips are laid and written; needs no component to be importable."""

    media: MediaLimits
    windows: Windows
    clips: ClipSettings
    cache: CacheSettings


def read_cutting(table: Table) -> Cutting:
    """The cutting part of a resolved recipe's table.

    Raises:
        RecipeError: A section is missing or wrong.
    """
    return Cutting(
        media=build_model(MediaLimits, table.get("media", {}), "media"),
        windows=build_model(Windows, table.get("windows", {}), "windows"),
        clips=build_model(ClipSettings, table.get("clips", {}), "clips"),
        cache=build_model(CacheSettings, table.get("cache", {}), "cache"),
    )


def differences(old: Mapping[str, Any], new: Mapping[str, Any], where: str = "") -> list[str]:
    """The keys in which two tables differ, with both values.

    >>> differences({"filters": {"dark": {"max_p99": 40}}}, {"filters": {"dark": {"max_p99": 30}}})
    ['filters.dark.max_p99: 40 -> 30']
    """
    lines: list[str] = []
    for key in sorted({*old, *new}):
        before, after = old.get(key), new.get(key)
        if not where and key in NOT_DECIDING:
            continue
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            lines += differences(before, after, f"{where}{key}.")
        elif before != after:
            lines.append(f"{where}{key}: {_shown(before)} -> {_shown(after)}")
    return lines


def _shown(value: Any) -> str:
    return "absent" if value is None else "present" if isinstance(value, Mapping) else repr(value)
