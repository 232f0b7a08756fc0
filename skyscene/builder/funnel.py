"""How much of what came in went out, and why the rest did not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from skyscene.store import BuildFolder, read_rows


@dataclass(frozen=True, slots=True)
class Funnel:
    """Counts over a build folder.

    Attributes:
        sources: References given.
        source_reasons: Code to count, for references that yielded nothing.
        duplicates: References with bytes that another one has.
        frames: Frames decoded.
        scenes: Scenes found.
        short_scenes: Scenes without room for a window.
        windows: Windows laid.
        kept: Clips kept that have their files.
        pending: Clips that no filter rejects, but that have no file yet; counted nowhere else.
        reasons: Filter to count of windows it rejected; a window may have several.
        splits: Side to count of clips.
    """

    sources: int
    source_reasons: Mapping[str, int]
    duplicates: int
    frames: int
    scenes: int
    short_scenes: int
    windows: int
    kept: int
    pending: int
    reasons: Mapping[str, int]
    splits: Mapping[str, int]

    def as_dict(self) -> dict[str, Any]:
        """The counts as plain values."""
        return asdict(self)

    def lines(self) -> list[str]:
        """The counts as lines for a person."""
        return [
            f"{self.sources} sources" + _bracket(self.source_reasons, duplicate=self.duplicates),
            f"{self.frames} frames in {self.scenes} scenes" + _bracket({}, too_short=self.short_scenes),
            f"{self.windows} windows" + _bracket(self.reasons),
            f"{self.kept} clips kept" + _bracket(self.splits),
            *([f"{self.pending} more are pending: they have no file yet"] if self.pending else []),
        ]


def _bracket(counts: Mapping[str, int], **more: int) -> str:
    parts = [f"{count} {name.replace('_', ' ')}" for name, count in {**counts, **more}.items() if count]
    return f"  ({', '.join(parts)})" if parts else ""


def funnel(folder: BuildFolder) -> Funnel:
    """The counts of a build folder, read from its tables.

    Raises:
        StoreError: A table is missing or broken.
    """
    sources = read_rows(folder.sources, "sources")
    scenes = read_rows(folder.scenes, "scenes")
    clips = read_rows(folder.clips, "clips")
    kept = [clip for clip in clips if clip["kept"] and clip["state"] != "pending"]
    failed = Counter(
        (row["reason"] or row["status"]).partition(":")[0] for row in sources if row["status"] != "done"
    )
    return Funnel(
        sources=len(sources),
        source_reasons=dict(failed.most_common()),
        duplicates=sum(row["duplicate_of"] is not None for row in sources),
        frames=sum(row["frames"] or 0 for row in sources if row["duplicate_of"] is None),
        scenes=len(scenes),
        short_scenes=sum(not scene["windows"] for scene in scenes),
        windows=len(clips),
        kept=len(kept),
        pending=sum(clip["state"] == "pending" for clip in clips),
        reasons=dict(Counter(reason for clip in clips for reason in clip["reasons"]).most_common()),
        splits=dict(Counter(clip["split"] for clip in kept if clip["split"]).most_common()),
    )
