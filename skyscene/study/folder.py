"""Where everything of a study lies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class StudyFolder:
    """Paths in a study's folder. Only ``public`` may be given to others.

    Attributes:
        root: The folder.
    """

    root: Path

    @property
    def study(self) -> Path:
        """The frozen protocol, its contestants and clips; its hash stands in all that is made of it."""
        return self.root / "study.toml"

    @property
    def key(self) -> Path:
        """Secret: what every pair is, and the secret that names come from."""
        return self.root / "key.parquet"

    @property
    def blocks(self) -> Path:
        """Order of the pairs for each rater's slot; without a model's name."""
        return self.root / "blocks.json"

    @property
    def public(self) -> Path:
        """All that raters see."""
        return self.root / "public"

    @property
    def media(self) -> Path:
        """Clips, frames."""
        return self.public / "media"

    @property
    def tasks(self) -> Path:
        """What each pair shows."""
        return self.public / "tasks.json"

    @property
    def exports(self) -> Path:
        """Files for platforms."""
        return self.root / "exports"

    @property
    def votes(self) -> Path:
        """All votes, by every way in."""
        return self.root / "votes.sqlite"

    @property
    def lines(self) -> Path:
        """The votes as text, a line of JSON each: what `score` counted."""
        return self.root / "votes.jsonl"

    @property
    def score(self) -> Path:
        """The numbers."""
        return self.root / "score.json"

    @property
    def exclusions(self) -> Path:
        """Raters that the filtered result leaves out, and why."""
        return self.root / "exclusions.csv"
