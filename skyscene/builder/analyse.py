"""The one decode: every frame is hashed, measured, and kept scaled until its scene is judged."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from skyscene.builder.decide import Named, decide
from skyscene.builder.measuring import Measuring
from skyscene.builder.recipe import Recipe
from skyscene.builder.spool import Spool
from skyscene.builder.thumbs import Thumbs
from skyscene.errors import MediaError
from skyscene.media import Decoded, Decoder, Scaler, Size, analysis_size, clip_size
from skyscene.records import Frames, Interval, StreamFacts

Planes = npt.NDArray[np.uint8]
_TICK = 64
_LEAST_SIDE = 16


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the one decode yields.

    Attributes:
        frames: The columns.
        facts: The stream facts.
        thumbs: Frame number and JPEG bytes.
    """

    frames: Frames
    facts: StreamFacts
    thumbs: list[tuple[int, bytes]]


class Analyser:
    """Runs the one decode of a source.

    Args:
        decoder: An open source.
        recipe: Measures, sizes, and (to make room in the spool) detectors and filters.
        named: What the source is called by.
        spool: Where scaled frames wait.
        tick: Called with the number of frames since the last call.
    """

    def __init__(
        self, decoder: Decoder, recipe: Recipe, named: Named, spool: Spool, tick: Callable[[int], None]
    ) -> None:
        self._decoder = decoder
        self._recipe = recipe
        self._named = named
        self._spool = spool
        self._tick = tick
        self._pts: list[int] = []
        self._hashes: list[int] = []
        self._gaps: list[bool] = []

    def run(self) -> Analysis:
        """Decodes to the end.

        Raises:
            MediaError: Nothing can be decoded, or a limit is passed.
        """
        stream = iter(self._decoder)
        first = next(stream)
        facts = self._decoder.facts()
        seen = Size(facts.width, facts.height)
        scaled = clip_size(seen, self._recipe.clips.long_side)
        if min(scaled.width, scaled.height) < _LEAST_SIDE:
            raise MediaError(
                "too-small", f"its clips would be {scaled}, under {_LEAST_SIDE} pixels on a side"
            )
        settings = self._recipe.analysis
        size = analysis_size(seen, settings.width)
        measuring = Measuring(self._recipe.measures, size, settings.batch)
        thumbs = Thumbs(settings.thumb_stride, clip_size(seen, settings.thumb_width), facts.colorspace)
        small = Scaler(size, facts.rotation, "area")
        large = Scaler(scaled, facts.rotation, "bicubic")
        frames: Iterable[Decoded] = itertools.chain([first], stream)
        for decoded in frames:
            self._pts.append(decoded.pts)
            self._hashes.append(decoded.luma_hash())
            self._gaps.append(decoded.gap)
            planes = small(decoded.picture)
            measuring.add(planes)
            thumbs.add(decoded.index, planes)
            if self._spool.open:
                self._keep(decoded.index, large(decoded.picture), measuring, size)
            if decoded.index % _TICK == _TICK - 1:
                self._tick(_TICK)
        measuring.finish()
        facts = self._decoder.facts()
        return Analysis(self._frames(measuring, size, facts.fps), facts, thumbs.kept)

    def _frames(self, measuring: Measuring, size: Size, fps: float) -> Frames:
        count = measuring.measured
        return Frames(
            pts=np.asarray(self._pts[:count], np.int64),
            luma_hash=np.asarray(self._hashes[:count], np.uint64),
            gap=np.asarray(self._gaps[:count], np.bool_),
            columns=measuring.columns(),
            versions={name: measure.version for name, measure in self._recipe.measures.items()},
            fps=fps,
            width=size.width,
            height=size.height,
        )

    def _keep(self, index: int, planes: Planes, measuring: Measuring, size: Size) -> None:
        """Spools a frame; a full spool first forgets what is sure to be rejected."""
        if self._spool.is_full and not measuring.measured:
            self._spool.open = False
        elif self._spool.is_full:
            facts = self._decoder.facts()
            decision = decide(self._frames(measuring, size, facts.fps), facts, self._named, self._recipe)
            # The last scene may still grow, and its windows move with it: all of it stays.
            still_open = decision.scenes[-1].interval.start if decision.scenes else 0
            wanted = [clip.interval for clip in decision.kept if clip.interval.stop <= still_open]
            self._spool.keep_only([*wanted, Interval(still_open, index)])
        if self._spool.open:
            self._spool.put(index, planes)
