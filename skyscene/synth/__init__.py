"""Synthetic skies with a known truth, and defects planted at exact frames of any film.

- `Sky.named("sunset", seed)` is a sky as a handful of numbers; `render` turns it into frames.
- `Reel` is a film of any origin that carries the truth along: ``reel.cut_to(other).zoom(...)``. The same
  defects are plain generators over any iterator of RGB frames: `cut`, `dissolve`, `zoom`, ...
- `demo_sources` and `training_sources` are ready-made sets of `SynthSource`.
- `compare` holds what a build kept against the `Truth`.

Nothing here reads or writes a file. All is decided by seeds: equal arguments give equal bytes.

>>> sky = Sky.named("cumulus", seed=3)
>>> next(render(sky, 1, 64, 36)).shape
(36, 64, 3)
"""

from skyscene.synth.cadence import freeze, hold
from skyscene.synth.camera import pan, shake, zoom
from skyscene.synth.catalogue import DEMO_SIZE, FPS, demo_sources, training_sources
from skyscene.synth.clouds import Deck
from skyscene.synth.exposure import darken, exposure_step, flicker
from skyscene.synth.frame import Frame, Stream
from skyscene.synth.letterbox import bars
from skyscene.synth.painter import Painter, render
from skyscene.synth.planted import DEFECTS, Defect, Planted
from skyscene.synth.reel import Reel
from skyscene.synth.scorer import FORBIDDEN, compare
from skyscene.synth.sky import KINDS, Kind, Sky
from skyscene.synth.source import SynthSource, Truth
from skyscene.synth.transitions import cut, dissolve, fade_in, fade_out

__all__ = [
    "DEFECTS",
    "DEMO_SIZE",
    "FORBIDDEN",
    "FPS",
    "KINDS",
    "Deck",
    "Defect",
    "Frame",
    "Kind",
    "Painter",
    "Planted",
    "Reel",
    "Sky",
    "Stream",
    "SynthSource",
    "Truth",
    "bars",
    "compare",
    "cut",
    "darken",
    "demo_sources",
    "dissolve",
    "exposure_step",
    "fade_in",
    "fade_out",
    "flicker",
    "freeze",
    "hold",
    "pan",
    "render",
    "shake",
    "training_sources",
    "zoom",
]
