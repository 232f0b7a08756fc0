"""Where everything lies in a build folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class BuildFolder:
    """The paths inside one build folder; nothing else spells them out."""

    root: Path

    @property
    def sources(self) -> Path:
        """Table of sources."""
        return self.root / "sources.parquet"

    @property
    def scenes(self) -> Path:
        """Table of scenes."""
        return self.root / "scenes.parquet"

    @property
    def transitions(self) -> Path:
        """Table of transitions."""
        return self.root / "transitions.parquet"

    @property
    def clips(self) -> Path:
        """Table of clips, kept and rejected."""
        return self.root / "clips.parquet"

    @property
    def assignments(self) -> Path:
        """Table of the split's sides."""
        return self.root / "assignments.parquet"

    @property
    def build_json(self) -> Path:
        """Resolved recipe, versions, funnel and timings of the last build."""
        return self.root / "build.json"

    @property
    def recipe(self) -> Path:
        """The resolved recipe."""
        return self.root / "recipe.toml"

    @property
    def lock(self) -> Path:
        """Held while a command writes."""
        return self.root / ".lock"

    @property
    def work(self) -> Path:
        """Temporary files of running workers."""
        return self.root / ".work"

    @property
    def media(self) -> Path:
        """Downloaded files."""
        return self.root / "media"

    @property
    def ledger(self) -> Path:
        """Every attempt to download, with its time."""
        return self.root / "ledger.jsonl"

    @property
    def removed(self) -> Path:
        """References that must not be used again."""
        return self.root / "removed.txt"

    @property
    def refs(self) -> Path:
        """One small file a reference."""
        return self.root / "commits" / "refs"

    @property
    def contents(self) -> Path:
        """One small file a source's bytes, written last: the commit."""
        return self.root / "commits" / "sources"

    def ref(self, ref_id: str) -> Path:
        """What a reference turned out to be."""
        return self.refs / f"{ref_id}.json"

    def content(self, source_id: str) -> Path:
        """The commit of a source."""
        return self.contents / f"{source_id}.json"

    def frames(self, source_id: str) -> Path:
        """The measured columns of a source."""
        return self.root / "frames" / f"{source_id}.parquet"

    def thumbs(self, source_id: str) -> Path:
        """Small pictures of a source, for reports."""
        return self.root / "frames" / f"{source_id}.thumbs.parquet"

    def clip_folder(self, source_id: str) -> Path:
        """The clips of a source."""
        return self.root / "clips" / source_id

    def clip(self, source_id: str, clip_id: str) -> Path:
        """One clip."""
        return self.clip_folder(source_id) / f"{clip_id}.mp4"

    def cache(self, source_id: str) -> Path:
        """The packed frames of a source's kept clips, uint8 (clips, frames, height, width, 3)."""
        return self.root / "cache" / f"{source_id}.npy"

    @property
    def odd(self) -> Path:
        """What a set that others cut has and its packed folder has not, a line each."""
        return self.root / "odd.json"

    @property
    def packing(self) -> Path:
        """What is packed of such a set, while not all of it is."""
        return self.root / "packing"

    @property
    def changing(self) -> Path:
        """What is there only while rows of finished sources change: see `skyscene.store.change`."""
        return self.root / "changing"

    def relative(self, path: Path) -> str:
        """A path inside the folder as it stands in a table."""
        return path.relative_to(self.root).as_posix()
