"""The sets of sources that are known by name: for the demonstration, and for training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from skyscene.records import Interval
from skyscene.synth.noise import stream
from skyscene.synth.reel import Reel
from skyscene.synth.sky import KINDS, Kind, Sky
from skyscene.synth.source import SynthSource, Truth

FPS = 30
DEMO_SIZE = (640, 360)
_CLEAN: tuple[tuple[str, Kind, int], ...] = (
    ("noon-cumulus", "cumulus", 200),
    ("towering-cumulus", "towers", 166),
    ("high-cirrus", "cirrus", 166),
    ("grey-overcast", "overcast", 166),
    ("golden-sunset", "sunset", 200),
    ("dusk-to-night", "dusk", 200),
    ("milky-way", "stars", 166),
    ("moonlit-night", "moon", 166),
)


def demo_sources(seed: int = 0, width: int = DEMO_SIZE[0], height: int = DEMO_SIZE[1]) -> list[SynthSource]:
    """Fourteen sources of 2,546 frames in all: eight clean ones, five with a defect, one re-upload.

    Args:
        seed: Varies every sky; positions of defects and lengths stay.
        width: Width of the frames in pixels.
        height: Height of the frames in pixels.

    >>> sum(source.truth.length for source in demo_sources())
    2546
    """

    def shot(kind: Kind, number: int, frames: int, wide: int = width) -> Reel:
        return Reel.of_sky(Sky.named(kind, 1000 * seed + number), frames, wide, height)

    reels = {name: shot(kind, number, frames) for number, (name, kind, frames) in enumerate(_CLEAN, start=1)}
    three = shot("towers", 21, 150).cut_to(shot("sunset", 22, 90)).cut_to(shot("overcast", 23, 100))
    spoilt = {
        "too-dark": shot("stars", 11, 100).darken(Interval(0, 100)),
        "slow-zoom": shot("cumulus", 12, 120).zoom(Interval(0, 120), 0.4),
        "slow-pan": shot("sunset", 13, 120, wide=width * 11 // 8).pan(
            Interval(0, 120), (2.0 * width / 640, 0.0), (width, height)
        ),
        "cuts-and-dissolve": three.dissolve_to(shot("cumulus", 24, 100), 24),
        "fades": shot("sunrise", 31, 80).fade_in(20).fade_to(shot("cirrus", 32, 80), 20).fade_out(20),
    }
    sources = [
        SynthSource(_truth(name, seed, reel, width, height, clean=name in reels), reel)
        for name, reel in (reels | spoilt).items()
    ]
    original = sources[0]
    copy = replace(original.truth, name="re-upload", duplicate_of=original.name)
    return [*sources, SynthSource(copy, original.reel)]


def training_sources(
    count: int,
    seed: int,
    size: int | tuple[int, int] = 64,
    frames: int = 64,
    fixed_wind: tuple[float, float] | None = None,
    kinds: Sequence[Kind] = KINDS,
) -> list[SynthSource]:
    """``count`` clean sources with skies of their own, for training models; nothing is rendered yet.

    Args:
        count: Number of sources.
        seed: Two sets with different seeds share no sky.
        size: Side of square frames, or (width, height).
        frames: Frames a source.
        fixed_wind: The wind of every source, in pixels a frame of a picture 360 high (right, away from
            the camera); none for a wind of each source's own.
        kinds: The kinds that are drawn from, in equal parts.
    """
    width, height = (size, size) if isinstance(size, int) else size
    seeds = stream(seed, "training").choice(2**31, size=count, replace=False)
    sources = []
    for index, own in enumerate(int(s) for s in seeds):
        sky = Sky.named(kinds[index % len(kinds)], own, fixed_wind)
        reel = Reel.of_sky(sky, frames, width, height)
        name = f"sky-{seed}-{index:04d}"
        sources.append(SynthSource(Truth(name, own, frames, FPS, width, height), reel))
    return sources


def _truth(name: str, seed: int, reel: Reel, width: int, height: int, clean: bool) -> Truth:
    return Truth(name, seed, reel.length, FPS, width, height, reel.planted, clean)
