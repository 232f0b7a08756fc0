"""Metrics of whole sets of clips: features of each clip, then one number of all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from skyscene.metrics.clips import Clips
from skyscene.metrics.frame_metric import Networks, full_precision
from skyscene.metrics.measured import Goal

I3D_SIDE = 224
I3D_WEIGHTS = "i3d-kinetics-400"
EXTRACTOR = f"{I3D_WEIGHTS}/{I3D_SIDE}-bilinear/1"
"""Of `i3d_logits`."""


@dataclass(frozen=True, slots=True)
class SetMetric:
    """A distance between the predicted clips, taken as a set, and the real ones.

    Attributes:
        name: As a benchmark's recipe calls it.
        spec_id: What exactly it computes; changes whenever a number could.
        goal: Which way is good.
        about: A line for people.
        extractor: Spec of the features; metrics of one extractor share them.
        features: Clips and networks to (b, k).
        distance: Predicted features (n, k) and real ones (m, k) to a number.
        unit: For people; empty for none.
        needs: Names of the weights of its networks.
    """

    name: str
    spec_id: str
    goal: Goal
    about: str
    extractor: str
    features: Callable[[Clips, Networks], Tensor]
    distance: Callable[[Tensor, Tensor], float]
    unit: str = ""
    needs: tuple[str, ...] = ()


@torch.no_grad()
def i3d_logits(clips: Clips, networks: Networks) -> Tensor:
    """Logits of Kinetics-400 of all frames, (b, 400).

    One clip at a time, so that no clip's numbers depend on its batch.
    """
    with full_precision():
        return torch.stack([networks[I3D_WEIGHTS](i3d_input(clip_cthw))[0] for clip_cthw in clips.bcthw])


def i3d_input(clip_cthw: Tensor) -> Tensor:
    """A clip in [0, 1] as I3D takes it: (1, 3, t, 224, 224) in [-1, 1].

    Frames are brought to 224 x 224 bilinearly: half-pixel centres, no antialiasing, no crop.
    """
    large = F.interpolate(
        clip_cthw.transpose(0, 1), (I3D_SIDE, I3D_SIDE), mode="bilinear", align_corners=False
    )
    return large.unsqueeze(0).transpose(1, 2).mul(2).sub(1)
