"""What becomes of a source: transitions, scenes, windows and verdicts, from its columns alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from skyscene.builder.recipe import Recipe
from skyscene.curate import scene_intervals
from skyscene.media import Size, clip_size, crop_within
from skyscene.records import (
    Clip,
    Crop,
    Filter,
    Frames,
    Interval,
    Scene,
    StreamFacts,
    Transition,
    Verdict,
    short_hash,
)


@dataclass(frozen=True, slots=True)
class Named:
    """What a source's clips are called by.

    Attributes:
        source_id: Hash of its bytes.
        key: What survives a new download of other bytes: the video id, else the source_id.
    """

    source_id: str
    key: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome for one source; nothing is written yet.

    Attributes:
        transitions: Sorted.
        scenes: Sorted.
        clips: Sorted windows, kept and rejected, none with a state.
        crops: The part of the scaled picture that each scene's clips show, by scene_id.
    """

    transitions: tuple[Transition, ...]
    scenes: tuple[Scene, ...]
    clips: tuple[Clip, ...]
    crops: Mapping[str, Crop]

    @property
    def kept(self) -> list[Clip]:
        """The clips that no filter rejected."""
        return [clip for clip in self.clips if clip.kept]


def decide(frames: Frames, facts: StreamFacts, named: Named, recipe: Recipe) -> Decision:
    """The decision on one source: a pure function of its columns.

    Args:
        frames: The columns of the whole source.
        facts: Its stream facts.
        named: What its clips are called by.
        recipe: Detectors, filters and windows.
    """
    found = [item for detector in recipe.detectors.values() for item in detector.detect(frames)]
    transitions = tuple(sorted([*found, *gaps(frames)]))
    seen = Size(facts.width, facts.height)
    scaled = clip_size(seen, recipe.clips.long_side)
    scenes: list[Scene] = []
    clips: list[Clip] = []
    crops: dict[str, Crop] = {}
    for interval in scene_intervals(frames, transitions):
        part = frames.cut(interval)
        crop = recipe.bars.crop(part, seen.width, seen.height)
        windows = recipe.windows.lay(interval, frames.interval)
        scene = Scene(
            scene_id=short_hash(named.source_id, interval.start, interval.stop),
            source_id=named.source_id,
            interval=interval,
            crop=crop,
            reasons=() if windows else ("short",),
            windows=len(windows),
        )
        scenes.append(scene)
        crops[scene.scene_id] = crop_within(crop, seen, scaled)
        blank = _blank(facts, named, scene, crops[scene.scene_id])
        clips += [_judge(blank, crop, frames, part, window, recipe) for window in windows]
    return Decision(transitions, tuple(scenes), tuple(_cap(clips, recipe)), crops)


def gaps(frames: Frames) -> list[Transition]:
    """Damage as transitions: the runs of frames that the decoder could not give faithfully."""
    edges = np.flatnonzero(np.diff(frames.gap, prepend=False, append=False)) + frames.start
    return [Transition(Interval(int(a), int(b)), "gap", 1.0, "decoder") for a, b in edges.reshape(-1, 2)]


def _blank(facts: StreamFacts, named: Named, scene: Scene, inside: Crop) -> Clip:
    """What all windows of a scene share."""
    return Clip(
        clip_id="",
        clip_key=named.key,
        source_id=named.source_id,
        scene_id=scene.scene_id,
        interval=scene.interval,
        pts_start=0,
        pts_stop=0,
        time_base=facts.time_base,
        fps=facts.fps,
        width=inside.width,
        height=inside.height,
    )


def _judge(blank: Clip, crop: Crop, frames: Frames, scene: Frames, window: Interval, recipe: Recipe) -> Clip:
    verdicts = tuple(_verdict(name, rule, scene, window) for name, rule in recipe.filters.items())
    start, stop = pts_span(frames, window)
    parts = (blank.source_id, window.start, window.stop, crop, recipe.clip_settings_key())
    return replace(
        blank,
        clip_id=short_hash(*parts, size=20),
        clip_key=f"{blank.clip_key}:{start}-{stop}",
        interval=window,
        pts_start=start,
        pts_stop=stop,
        verdicts=verdicts,
        reasons=tuple(verdict.filter for verdict in verdicts if not verdict.passed),
        labels=tuple(labeler.label(scene, window) for labeler in recipe.labelers.values()),
    )


def _verdict(name: str, rule: Filter, scene: Frames, window: Interval) -> Verdict:
    """A filter's verdict, under the filter's own name.

    Raises:
        TypeError: A filter of the user's returned something else.
    """
    verdict = rule.judge(scene, window)
    if not isinstance(verdict, Verdict):
        raise TypeError(f"filters.{name} returned {type(verdict).__name__}, not a Verdict")
    return replace(verdict, filter=name, reason=verdict.reason or None)


def pts_span(frames: Frames, interval: Interval) -> tuple[int, int]:
    """Time stamps of an interval's first frame and of the frame after its last one.

    At the end of the source the latter is the last stamp and the usual step.
    """
    pts = frames.pts
    start = int(pts[interval.start - frames.start])
    if interval.stop < frames.interval.stop:
        return start, int(pts[interval.stop - frames.start])
    step = int(np.median(np.diff(pts))) if len(pts) > 1 else 1
    return start, int(pts[-1]) + max(1, step)


def _cap(clips: list[Clip], recipe: Recipe) -> list[Clip]:
    """The clips, with those over the source's limit rejected."""
    kept = [index for index, clip in enumerate(clips) if clip.kept]
    stay = {kept[index] for index in recipe.windows.spread(len(kept))}
    return [
        replace(clip, reasons=("source-cap",)) if clip.kept and index not in stay else clip
        for index, clip in enumerate(clips)
    ]
