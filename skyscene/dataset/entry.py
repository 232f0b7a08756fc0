"""One row of the index, with its columns as attributes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from skyscene.recipes import nearest
from skyscene.records import Interval
from skyscene.store import LABEL, SCORE


@dataclass(frozen=True, slots=True, eq=False)
class ClipEntry:
    """What the index says of one clip; every column of `clips.parquet` is an attribute.

    Attributes:
        row: Column to value; a column that holds nothing is none.

    >>> clip = ClipEntry({"clip_id": "a1", "split": "train", "score_dark": 0.25})
    >>> clip.split, clip.score_dark, clip.scores
    ('train', 0.25, {'dark': 0.25})
    """

    row: Mapping[str, Any]

    def __getattr__(self, name: str) -> Any:
        # Copying and unpickling ask for names before `row` is there.
        if name == "row" or name.startswith("_"):
            raise AttributeError(name)
        try:
            return self.row[name]
        except KeyError:
            raise AttributeError(f"a clip has no column {name!r}; {nearest(name, self.row)}") from None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ClipEntry):
            return NotImplemented
        return self._comparable() == other._comparable()

    def _comparable(self) -> dict[str, Any]:
        """The row with none for NaN, which would make a row unlike itself."""
        return {key: None if value != value else value for key, value in self.row.items()}

    def __hash__(self) -> int:
        return hash(self.row.get("clip_id"))

    @property
    def interval(self) -> Interval:
        """Its frames in the source."""
        return Interval(self.row["frame_start"], self.row["frame_stop"])

    @property
    def scores(self) -> dict[str, float | None]:
        """Filter to the number it gave; none where it gave none."""
        return self._prefixed(SCORE)

    @property
    def labels(self) -> dict[str, str | None]:
        """Labeller to its word."""
        return self._prefixed(LABEL)

    def _prefixed(self, prefix: str) -> dict[str, Any]:
        return {key.removeprefix(prefix): self.row[key] for key in self.row if key.startswith(prefix)}
