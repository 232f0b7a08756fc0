"""The tables of a build folder, as a report reads them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from skyscene.builder.beside import read_recipe_table
from skyscene.store import LABEL, SCORE, BuildFolder, read_rows

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Tables:
    """All rows, each once.

    Attributes:
        folder: Where they are from.
        sources: By name, then reference.
        scenes: By source and frame.
        transitions: By source and frame.
        clips: By the order of their sources, then frame.
        recipe: The resolved recipe.
    """

    folder: BuildFolder
    sources: Sequence[Row]
    scenes: Sequence[Row]
    transitions: Sequence[Row]
    clips: Sequence[Row]
    recipe: Mapping[str, Any]

    @cached_property
    def owners(self) -> Mapping[str, Row]:
        """source_id to the row that owns the clips, in the order of the names."""
        return {
            row["source_id"]: row
            for row in self.sources
            if row["source_id"] and row["duplicate_of"] is None and row["status"] == "done"
        }

    @cached_property
    def clips_of(self) -> Mapping[str, Sequence[Row]]:
        """source_id to its windows."""
        return by_source(self.clips)

    @cached_property
    def scenes_of(self) -> Mapping[str, Sequence[Row]]:
        """source_id to its scenes."""
        return by_source(self.scenes)

    @cached_property
    def transitions_of(self) -> Mapping[str, Sequence[Row]]:
        """source_id to its transitions."""
        return by_source(self.transitions)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """ref_id to what a person calls the source."""
        return {row["ref_id"]: source_name(row) for row in self.sources}

    @property
    def filters(self) -> Sequence[str]:
        """Names of the filters that gave a score, in the recipe's order."""
        return list(self.recipe.get("filters", {}))

    @cached_property
    def labelers(self) -> Sequence[str]:
        """Names of the labellers."""
        return [key.removeprefix(LABEL) for key in (self.clips[0] if self.clips else ()) if LABEL in key[:6]]


def read_tables(folder: BuildFolder) -> Tables:
    """The tables of a build folder.

    Raises:
        StoreError: A table is missing or broken.
    """
    sources = sorted(read_rows(folder.sources, "sources"), key=lambda row: (_order(row), row["ref_id"]))
    place = {row["source_id"]: at for at, row in reversed(list(enumerate(sources)))}
    last = len(sources)

    def order(row: Row) -> tuple[int, str, int, int]:
        return place.get(row["source_id"], last), row["source_id"], row["frame_start"], row["frame_stop"]

    return Tables(
        folder=folder,
        sources=sources,
        scenes=sorted(read_rows(folder.scenes, "scenes"), key=order),
        transitions=sorted(read_rows(folder.transitions, "transitions"), key=order),
        clips=sorted(read_rows(folder.clips, "clips"), key=order),
        recipe=read_recipe_table(folder),
    )


def by_source(rows: Iterable[Row]) -> Mapping[str, Sequence[Row]]:
    """Rows by their source_id, in their order."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["source_id"]].append(row)
    return dict(groups)


def source_name(row: Row) -> str:
    """What a person calls a source: its title, its file's name, its address.

    >>> source_name({"title": None, "path": "/films/sea.mp4", "kind": "file", "url": None, "ref_id": "f00"})
    'sea.mp4'
    """
    if row["title"]:
        return str(row["title"])
    if row["path"] and row["kind"] == "file":
        return Path(row["path"]).name
    return str(row["url"] or row["path"] or row["ref_id"])


def score(clip: Row, name: str) -> float:
    """What a filter measured on a window; NaN where it could not, or where there is no such filter."""
    value = clip.get(SCORE + name)
    return float("nan") if value is None else float(value)


def frames_text(start: int, stop: int) -> str:
    """A span of frames for a person, its last frame included.

    >>> frames_text(1024, 1056)
    '1,024–1,055'
    """
    return f"{start:,}\N{EN DASH}{stop - 1:,}"


def _order(row: Row) -> str:
    return source_name(row).casefold()
