"""A piece of film that knows how long it is and what has been planted in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from skyscene.errors import SkySceneError
from skyscene.records import Interval
from skyscene.synth import cadence, camera, exposure, letterbox, transitions
from skyscene.synth.frame import Stream, take
from skyscene.synth.painter import render
from skyscene.synth.planted import Defect, Planted, sort_planted
from skyscene.synth.sky import Sky


@dataclass(frozen=True, slots=True)
class _Step:
    """A generator function with its streams and options, to be started any number of times."""

    plant: Callable[..., Stream]
    parts: tuple[Callable[[], Stream], ...]
    options: dict[str, Any] = field(default_factory=dict)

    def __call__(self) -> Stream:
        return self.plant(*(part() for part in self.parts), **self.options)


@dataclass(frozen=True, slots=True)
class Reel:
    """Frames, their number, and the truth; every method gives a new reel and leaves this one as it is.

    Positions are frames of the reel at hand. Whatever is done to it later (cut to another, held frames)
    carries the truth along, so that it is exact for the finished film.

    Attributes:
        open: Starts the frames from the first; may be called again and again. It can be pickled if what
            the reel was made from can.
        length: Number of frames.
        planted: What was planted, by position.

    >>> shot = Reel.of_sky(Sky.named("cumulus", 1), 40, 64, 36)
    >>> shot.cut_to(shot).planted
    (Planted(kind='cut', interval=Interval(start=40, stop=40)),)
    """

    open: Callable[[], Stream]
    length: int
    planted: tuple[Planted, ...] = ()

    @classmethod
    def of_sky(cls, sky: Sky, frames: int, width: int, height: int) -> Reel:
        """A rendered reel."""
        options = {"sky": sky, "frames": frames, "width": width, "height": height}
        return cls(_Step(render, (), options), frames)

    def frames(self) -> Stream:
        """The frames from the first, ``length`` of them, each (height, width, 3) uint8 RGB.

        Raises:
            ValueError: What the reel was made from ran out early.
        """
        return take(self.open(), self.length)

    def trim(self, length: int) -> Reel:
        """The first ``length`` frames."""
        length = min(length, self.length)
        return Reel(self.open, length, sort_planted(p.within(length) for p in self.planted))

    def cut_to(self, other: Reel) -> Reel:
        """This reel, then the other: a cut at the other's first frame."""
        length = self.length + other.length
        seam = Planted("cut", Interval(self.length, self.length))
        return self._joined(transitions.cut, other, length, {}, seam)

    def dissolve_to(self, other: Reel, frames: int) -> Reel:
        """This reel melts into the other; ``frames`` frames of each are blended."""
        self._need(0 < frames <= min(self.length, other.length), f"dissolve over {frames} frames")
        start = self.length - frames
        seam = Planted("dissolve", Interval(start, self.length))
        return self._joined(transitions.dissolve, other, start + other.length, {"frames": frames}, seam)

    def fade_to(self, other: Reel, frames: int, colour: tuple[int, int, int] = (0, 0, 0)) -> Reel:
        """This reel sinks into a colour over its last ``frames``, the other rises out of it over as many."""
        joined = self.fade_out(frames, colour).cut_to(other.fade_in(frames, colour))
        sunk, seam = Interval(self.length - frames, self.length), Interval(self.length, self.length)
        risen = Interval(self.length, self.length + frames)
        parts = [Planted("fade", sunk), Planted("cut", seam), Planted("fade", risen)]
        whole = Planted("fade", Interval(sunk.start, risen.stop))
        return replace(joined, planted=sort_planted([*(p for p in joined.planted if p not in parts), whole]))

    def fade_out(self, frames: int, colour: tuple[int, int, int] = (0, 0, 0)) -> Reel:
        """The last ``frames`` sink into a colour; the very last is plain."""
        self._need(0 < frames <= self.length, f"fade over {frames} frames")
        interval = Interval(self.length - frames, self.length)
        return self._planted(transitions.fade_out, "fade", interval, interval=interval, colour=colour)

    def fade_in(self, frames: int, colour: tuple[int, int, int] = (0, 0, 0)) -> Reel:
        """The first ``frames`` rise out of a colour; the very first is plain."""
        self._need(0 < frames <= self.length, f"fade over {frames} frames")
        interval = Interval(0, frames)
        return self._planted(transitions.fade_in, "fade", interval, interval=interval, colour=colour)

    def zoom(self, interval: Interval, percent: float) -> Reel:
        """A zoom by ``percent`` a frame within the interval."""
        return self._planted(camera.zoom, "zoom", interval, interval=interval, percent=percent)

    def pan(self, interval: Interval, step: tuple[float, float], size: tuple[int, int] | None = None) -> Reel:
        """A pan by ``step`` pixels a frame within the interval; see `skyscene.synth.camera.pan`."""
        return self._planted(camera.pan, "pan", interval, interval=interval, step=step, size=size)

    def shake(self, interval: Interval, pixels: float, seed: int = 0) -> Reel:
        """A hand-held camera within the interval."""
        return self._planted(camera.shake, "shake", interval, interval=interval, pixels=pixels, seed=seed)

    def darken(self, interval: Interval, level: float = 0.02) -> Reel:
        """The interval at ``level`` of its brightness."""
        return self._planted(exposure.darken, "dark", interval, interval=interval, level=level)

    def flicker(self, interval: Interval, amplitude: float, seed: int = 0) -> Reel:
        """Each frame of the interval too bright or too dark by its own share, up to ``amplitude``."""
        options = {"interval": interval, "amplitude": amplitude, "seed": seed}
        return self._planted(exposure.flicker, "flicker", interval, **options)

    def exposure_step(self, at: int, gain: float) -> Reel:
        """All frames from ``at`` on times ``gain``."""
        return self._planted(exposure.exposure_step, "exposure", Interval(at, at), at=at, gain=gain)

    def freeze(self, interval: Interval) -> Reel:
        """The interval stuck at the frame before it."""
        return self._planted(cadence.freeze, "freeze", interval, interval=interval)

    def bars(
        self,
        top: int = 0,
        bottom: int = 0,
        left: int = 0,
        right: int = 0,
        colour: tuple[int, int, int] = (0, 0, 0),
    ) -> Reel:
        """Bars over the edges of every frame."""
        options = {"top": top, "bottom": bottom, "left": left, "right": right, "colour": colour}
        return self._planted(letterbox.bars, "bars", Interval(0, self.length), **options)

    def hold(self, every: int) -> Reel:
        """Every ``every``-th frame shown twice; what was planted before moves to its new frames."""
        self._need(every >= 1, f"hold every {every} frames")

        def held(frame: int) -> int:
            return frame + frame // every

        length = held(self.length)
        spans = [(p.kind, Interval(held(p.interval.start), held(p.interval.stop))) for p in self.planted]
        planted = [Planted(kind, interval) for kind, interval in spans]
        step = _Step(cadence.hold, (self._exactly(),), {"every": every})
        return Reel(step, length, sort_planted([*planted, Planted("held", Interval(0, length))]))

    def _exactly(self) -> Callable[[], Stream]:
        """A starter of exactly ``length`` frames, also where ``open`` would run on."""
        return _Step(take, (self.open,), {"count": self.length})

    def _joined(
        self, plant: Callable[..., Stream], other: Reel, length: int, options: dict[str, Any], seam: Planted
    ) -> Reel:
        moved = [p.moved(length - other.length) for p in other.planted]
        step = _Step(plant, (self._exactly(), other._exactly()), options)
        return Reel(step, length, sort_planted([*self.planted, seam, *moved]))

    def _planted(self, plant: Callable[..., Stream], kind: Defect, where: Interval, **options: Any) -> Reel:
        self._need(where.stop <= self.length, f"{kind} at {where.start}..{where.stop}")
        step = _Step(plant, (self._exactly(),), options)
        return Reel(step, self.length, sort_planted([*self.planted, Planted(kind, where)]))

    def _need(self, possible: bool, what: str) -> None:
        if not possible:
            raise SkySceneError(f"a reel of {self.length} frames has no room for: {what}")
