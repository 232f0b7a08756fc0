"""What new thresholds would change of one source, told from its stored columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from skyscene.builder.decide import Decision, Named, decide
from skyscene.builder.recipe import Recipe
from skyscene.builder.reuse import reusable
from skyscene.errors import StoreError
from skyscene.records import Frames, SourceResult
from skyscene.store import BuildFolder, read_frames, read_result

NOT_LAID = "not-laid"
"""The reason of a clip that leaves because no window lies there any more."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The change of one source.

    Attributes:
        source_id: The source.
        kept: Clips that no filter rejects.
        newly_kept: Of them, those that were not kept before.
        newly_rejected: First reason to number of clips that were kept before.
        unchanged: Windows that were and are kept, or were and are rejected.
        to_encode: Kept clips whose files are not there yet.
        lost: Whether its cache is not there, or not as its commit says, so that no file of it can stay.
        stale: Measure to its version then and now, where they differ; then nothing else is told.
    """

    source_id: str
    kept: int = 0
    newly_kept: int = 0
    newly_rejected: Mapping[str, int] = field(default_factory=dict)
    unchanged: int = 0
    to_encode: int = 0
    lost: bool = False
    stale: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def plan_source(named: Named, folder: BuildFolder, recipe: Recipe) -> Plan:
    """What a recipe would change of a finished source; nothing is written.

    Raises:
        StoreError: Its columns cannot be read.
    """
    source_id = named.source_id
    old, frames = stored(folder, source_id)
    differing = stale(frames, recipe)
    if differing:
        return Plan(source_id, stale=differing)
    decision = decide_again(old, frames, named, recipe)
    held = reusable(folder, old, decision, recipe)
    before = {clip.interval: clip.kept for clip in old.clips}
    after = {clip.interval: clip for clip in decision.clips}
    rejected = Counter(
        NOT_LAID if span not in after else after[span].reasons[0]
        for span, kept in before.items()
        if kept and not (span in after and after[span].kept)
    )
    return Plan(
        source_id,
        kept=len(decision.kept),
        newly_kept=sum(not before.get(clip.interval, False) for clip in decision.kept),
        newly_rejected=dict(sorted(rejected.items())),
        unchanged=sum(before.get(span) == clip.kept for span, clip in after.items()),
        to_encode=len(decision.kept) - len(held.clips),
        lost=held.lost,
    )


def stored(folder: BuildFolder, source_id: str) -> tuple[SourceResult, Frames]:
    """The commit and the columns of a finished source.

    Raises:
        StoreError: One of them is missing or broken.
    """
    result = read_result(folder, source_id)
    if result is None or result.facts is None:
        raise StoreError(f"{folder.content(source_id)} is not the commit of a measured source")
    return result, read_frames(folder.frames(source_id))


def decide_again(old: SourceResult, frames: Frames, named: Named, recipe: Recipe) -> Decision:
    """The decision on a source from its stored columns; its clips keep their names."""
    assert old.facts is not None
    if old.clips:
        named = Named(named.source_id, old.clips[0].clip_key.rpartition(":")[0])
    return decide(frames, old.facts, named, recipe)


def stale(frames: Frames, recipe: Recipe) -> dict[str, tuple[str, str]]:
    """Measure to its version in the columns and now, where they differ."""
    now = {name: measure.version for name, measure in recipe.measures.items()}
    names = sorted({*now, *frames.versions})
    return {
        name: (frames.versions.get(name, "absent"), now.get(name, "absent"))
        for name in names
        if frames.versions.get(name) != now.get(name)
    }
