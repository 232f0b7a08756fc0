"""One source from its old commit to the one that new thresholds give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from skyscene.builder.cutting import ClipWriter
from skyscene.builder.decide import Decision, Named
from skyscene.builder.packed import PackedWriter
from skyscene.builder.recipe import Recipe
from skyscene.builder.retune_plan import decide_again, stale, stored
from skyscene.builder.reuse import Held, reusable
from skyscene.errors import MediaError
from skyscene.media import Scaler, Size, Spans, clip_size
from skyscene.records import Clip, Frames, SourceResult, State, StreamFacts
from skyscene.store import (
    BuildFolder,
    read_frames,
    read_result,
    replacing,
    settle,
    stage,
    staged_cache,
    write_bytes,
)


@dataclass(frozen=True, slots=True)
class Turn:
    """What a worker is to do.

    Attributes:
        named: What the source's clips are called by.
        path: Its file; none where it is not at hand, or nothing is to be encoded.
    """

    named: Named
    path: Path | None


@dataclass(frozen=True, slots=True)
class Turned:
    """What became of a source.

    Attributes:
        result: Its new commit.
        problem: Why its file did not give the clips it should have; none where it did.
    """

    result: SourceResult
    problem: str | None = None

    def count(self, state: State | None) -> int:
        """How many of its clips are in a state; none is that of rejects."""
        return sum(clip.state == state for clip in self.result.clips)


def retune_source(turn: Turn, folder: BuildFolder, recipe: Recipe) -> Turned:
    """Gives a source the commit, clips and cache that a build with this recipe would give it.

    What shows the same frames is taken over. Of the rest the frames are read again; where that fails they are
    pending. A kill at any moment leaves the old state or the new one, or what `settle` makes the new one of.

    Raises:
        StoreError: The folder cannot be read or written.
    """
    source_id = turn.named.source_id
    settle(folder, source_id)
    old, frames = stored(folder, source_id)
    assert old.facts is not None
    decision = decide_again(old, frames, turn.named, recipe)
    held = reusable(folder, old, decision, recipe)
    writer = _Writer(folder, recipe, old.facts, frames, decision, held)
    problem = None
    try:
        clips = writer.write(turn.path)
    except MediaError as error:
        problem = error.message
        clips = writer.write(None)
    result = SourceResult(
        source_id, old.facts, transitions=decision.transitions, scenes=decision.scenes, clips=clips
    )
    stage(folder, result)
    return Turned(result, problem)


def finish_source(turn: Turn, folder: BuildFolder, recipe: Recipe) -> SourceResult | None:
    """Writes the pending or missing clips of a source that was measured before.

    Returns:
        Its new commit; none where all of it must be done anew. Then an old commit is gone: clips and cache
        that are about to change must not be found by it.

    Raises:
        StoreError: The folder cannot be read or written.
    """
    source_id = turn.named.source_id
    old = read_result(folder, source_id)
    if old is None or old.reason:
        return None
    if folder.frames(source_id).is_file() and not stale(read_frames(folder.frames(source_id)), recipe):
        turned = retune_source(turn, folder, recipe)
        if turned.problem is None:
            return turned.result
    folder.content(source_id).unlink()
    return None


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the files of a decision, taking over what is there."""

    folder: BuildFolder
    recipe: Recipe
    facts: StreamFacts
    frames: Frames
    decision: Decision
    held: Held

    def write(self, path: Path | None) -> tuple[Clip, ...]:
        """All clips of the decision with their states; the cache is staged where it changes.

        Raises:
            MediaError: The source does not give the frames it gave before.
        """
        chosen = [clip for clip in self.decision.kept if path or clip.clip_id in self.held.clips]
        before = [self.held.clips.get(clip.clip_id) for clip in chosen]
        there = self.held.packed
        rows = [clip.cache_row if clip else None for clip in before]
        written: dict[str, Clip] = {}
        if chosen and (there is None or rows != list(range(len(there)))):
            written = self._cached(path, chosen, before)
        for row, (clip, old) in enumerate(zip(chosen, before, strict=True)):
            if old:
                written[clip.clip_id] = self._taken_over(clip, old, row)
        return tuple(
            written.get(clip.clip_id, replace(clip, state="pending") if clip.kept else clip)
            for clip in self.decision.clips
        )

    def _cached(self, path: Path | None, chosen: list[Clip], before: list[Clip | None]) -> dict[str, Clip]:
        """The new cache, staged, and the clips that were encoded for it."""
        size = self.recipe.cache.shape
        shape = (len(chosen), chosen[0].interval.length, size.height, size.width, 3)
        staged = staged_cache(self.folder, chosen[0].source_id)
        with replacing(staged) as temporary, PackedWriter(temporary, shape) as packed:
            for row, old in enumerate(before):
                if old and self.held.packed is not None:
                    packed.write(row, np.asarray(self.held.packed[old.cache_row]))
            missing = [(row, clip) for row, clip in enumerate(chosen) if not before[row]]
            written = {clip.clip_id: clip for clip in self._encoded(path, missing, packed)}
            packed.sync()
        return written

    def _encoded(
        self, path: Path | None, missing: list[tuple[int, Clip]], packed: PackedWriter
    ) -> Iterator[Clip]:
        """The clips with these rows, from their source; their pictures go into the cache, too."""
        if not missing:
            return
        assert path is not None
        facts = self.facts
        scaled = clip_size(Size(facts.width, facts.height), self.recipe.clips.long_side)
        scale = Scaler(scaled, facts.rotation, "bicubic")
        writer = ClipWriter(self.folder, self.recipe, facts, self.decision, packed)
        with Spans(path, self.recipe.media, self.frames, scale) as spans:
            for row, clip in missing:
                yield writer.write(clip, spans.read(clip.interval), row)

    def _taken_over(self, clip: Clip, old: Clip, row: int) -> Clip:
        path = self.folder.clip(clip.source_id, clip.clip_id)
        if clip.clip_id != old.clip_id:
            write_bytes(path, self.folder.clip(old.source_id, old.clip_id).read_bytes())
        return replace(
            clip,
            state="encoded",
            path=self.folder.relative(path),
            cache_row=row,
            sha256=old.sha256,
            cache_sha256=old.cache_sha256,
        )
