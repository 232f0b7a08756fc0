"""A clip, and what the filters said of it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from skyscene.records.interval import Interval

State = Literal["encoded", "pending", "gone"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One filter's judgement of one window.

    Attributes:
        filter: Name of the filter in the recipe.
        score: The number that was compared; NaN where it could not be measured.
        threshold: What it was compared with.
        reason: A short sentence where the window is rejected, else none.
    """

    filter: str
    score: float
    threshold: float
    reason: str | None = None

    @property
    def passed(self) -> bool:
        """Whether the filter lets the window through."""
        return self.reason is None


@dataclass(frozen=True, slots=True)
class Label:
    """One labeller's word for one window; it never rejects."""

    labeler: str
    value: str
    score: float


@dataclass(frozen=True, slots=True)
class Clip:
    """One window of a source, kept or rejected: a row of `clips.parquet`.

    Attributes:
        clip_id: Hash of source bytes, interval, crop and the window, clip and cache settings.
        clip_key: Video id (or source id) and time span; survives a new download of other bytes.
        source_id: The source it is cut from.
        scene_id: The scene it lies in.
        interval: Its frames.
        pts_start: Time stamp of the first frame, in ticks of ``time_base``.
        pts_stop: Time stamp of the frame after the last one.
        time_base: Seconds a tick.
        fps: Frame rate of the written clip.
        width: Width of the written clip in pixels.
        height: Height of the written clip in pixels.
        verdicts: What every filter said, also those that let it through.
        reasons: Names of what rejected it: filters, "source-cap".
        labels: What the labellers said.
        state: encoded, pending (source not at hand) or gone; none for rejects.
        path: The mp4, relative to the build folder; none where there is none.
        cache_row: Row in the source's cache file; none where there is none.
        sha256: Hash of the mp4's bytes.
        cache_sha256: Hash of the row's bytes in the cache file.
    """

    clip_id: str
    clip_key: str
    source_id: str
    scene_id: str
    interval: Interval
    pts_start: int
    pts_stop: int
    time_base: Fraction
    fps: float
    width: int
    height: int
    verdicts: tuple[Verdict, ...] = ()
    reasons: tuple[str, ...] = ()
    labels: tuple[Label, ...] = ()
    state: State | None = None
    path: str | None = None
    cache_row: int | None = None
    sha256: str | None = None
    cache_sha256: str | None = None

    @property
    def kept(self) -> bool:
        """Whether no filter rejected it."""
        return not self.reasons
