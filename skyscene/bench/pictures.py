"""Between stored pictures (uint8, channels last) and what networks take (float in [-1, 1])."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

RESAMPLER = "bilinear-antialias/1"
"""Spec of `resample`."""


def to_clips(stored_bthwc: Tensor, size: int) -> Tensor:
    """Stored clips as float clips of one size.

    Args:
        stored_bthwc: uint8, (b, t, h, w, 3), on the device where the result is wanted.
        size: Side of the square pictures.

    Returns:
        float32, (b, 3, t, size, size), in [-1, 1].

    >>> to_clips(torch.full((1, 1, 4, 4, 3), 255, dtype=torch.uint8), 2).unique().tolist()
    [1.0]
    """
    clip_bcthw = stored_bthwc.permute(0, 4, 1, 2, 3).float().div(127.5).sub(1)
    return resample(clip_bcthw, size)


def to_unit_clips(stored_bthwc: Tensor, size: int) -> Tensor:
    """Stored clips as they are scored: as `to_clips`, but in [0, 1], each byte over 255.

    >>> to_unit_clips(torch.full((1, 1, 4, 4, 3), 51, dtype=torch.uint8), 4).unique().tolist()
    [0.20000000298023224]
    """
    return resample(stored_bthwc.permute(0, 4, 1, 2, 3).float().div(255), size)


def resample(clip_bcthw: Tensor, size: int) -> Tensor:
    """Clips brought to another size by a bilinear filter as wide as the reduction; same size, same clip."""
    if clip_bcthw.shape[-2:] == (size, size):
        return clip_bcthw.contiguous()
    frames = clip_bcthw.shape[2]
    flat = clip_bcthw.transpose(1, 2).flatten(0, 1)
    small = F.interpolate(flat, (size, size), mode="bilinear", align_corners=False, antialias=True)
    return small.reshape(-1, frames, *small.shape[1:]).transpose(1, 2).contiguous()


def to_unit(clip_bcthw: Tensor) -> Tensor:
    """Clips in [-1, 1] as scored: float32 in [0, 1], what lies outside cut off, what is infinite kept."""
    unit_bcthw = clip_bcthw.float().add(1).div(2)
    return torch.where(unit_bcthw.isfinite(), unit_bcthw.clamp(0, 1), unit_bcthw)


def to_bytes(clip_bcthw: Tensor) -> Tensor:
    """Clips in [-1, 1] as pictures to look at: uint8, (b, t, h, w, 3)."""
    return unit_to_bytes(to_unit(clip_bcthw))


def unit_to_bytes(clip_bcthw: Tensor) -> Tensor:
    """Clips in [0, 1] as pictures to look at: uint8, (b, t, h, w, 3)."""
    return (clip_bcthw.clamp(0, 1) * 255).round().to(torch.uint8).permute(0, 2, 3, 4, 1).contiguous()
