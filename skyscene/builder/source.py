"""One source from its file to its commit: the unit of work."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from skyscene.builder.analyse import Analyser
from skyscene.builder.cutting import write_clips
from skyscene.builder.decide import Named, decide
from skyscene.builder.recipe import Recipe
from skyscene.builder.spool import Spool
from skyscene.errors import MediaError
from skyscene.media import Decoder
from skyscene.records import Clip, SourceResult
from skyscene.store import BuildFolder, write_frames, write_result, write_thumbs


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker needs to know of one source.

    Attributes:
        path: The file.
        named: What its clips are called by.
        write_clips: Whether kept clips are encoded now, or stay pending.
    """

    path: Path
    named: Named
    write_clips: bool


def build_source(
    job: Job, folder: BuildFolder, recipe: Recipe, tick: Callable[[int], None] = lambda _: None
) -> SourceResult:
    """Measures, judges and cuts one source, and commits it.

    A file that cannot be used is committed too, with its reason.

    Returns:
        The result, without the columns (they are on disk).

    Raises:
        StoreError: The folder cannot be written.
    """
    source_id = job.named.source_id
    spool_bytes = recipe.media.spool_mb * 2**20 if job.write_clips else 0
    try:
        with Spool(folder.work / f"{source_id}.{os.getpid()}.spool", spool_bytes) as spool:
            with Decoder(job.path, recipe.media) as decoder:
                analysis = Analyser(decoder, recipe, job.named, spool, tick).run()
                remarks = decoder.remarks()
            decision = decide(analysis.frames, analysis.facts, job.named, recipe)
            clips = decision.clips
            if job.write_clips:
                clips = write_clips(job.path, folder, recipe, analysis, decision, spool)
    except MediaError as error:
        result = SourceResult(source_id, None, f"{error.code}: {error.message}")
        write_result(folder, result)
        return result
    write_frames(folder.frames(source_id), analysis.frames)
    write_thumbs(folder.thumbs(source_id), analysis.thumbs)
    result = SourceResult(
        source_id,
        analysis.facts,
        transitions=decision.transitions,
        scenes=decision.scenes,
        clips=tuple(map(_with_state, clips)),
        remarks=(*remarks, *_too_few(analysis.facts.frames, recipe.windows.length)),
    )
    write_result(folder, result)
    return result


def _too_few(frames: int, length: int) -> list[str]:
    plural = "s are" if frames > 1 else " is"
    return [f"its {frames} frame{plural} too few for a clip of {length}"] if frames < length else []


def _with_state(clip: Clip) -> Clip:
    """A kept clip that was not written is pending."""
    return replace(clip, state="pending") if clip.kept and clip.state is None else clip
