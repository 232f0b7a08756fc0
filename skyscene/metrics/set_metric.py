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

    Frames are brought to 224 x 224 bilinearly: half-pixel centres, no antialiasing, no crop; in [-1, 1]. One
    clip at a time, so that no clip's numbers depend on its batch.
    """
    frames = clips.bcthw.shape[2]
    logits = []
    for clip_cthw in clips.bcthw:
        large = F.interpolate(
            clip_cthw.transpose(0, 1), (I3D_SIDE, I3D_SIDE), mode="bilinear", align_corners=False
        )
        clip_bcthw = large.reshape(1, frames, 3, I3D_SIDE, I3D_SIDE).transpose(1, 2).mul(2).sub(1)
        with full_precision():
            logits.append(networks[I3D_WEIGHTS](clip_bcthw)[0])
    return torch.stack(logits)
