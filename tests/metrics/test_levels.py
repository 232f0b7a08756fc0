"""Luma and whole levels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from skyscene.metrics.bt601 import luma, luma01
from skyscene.metrics.ffmpeg_yuv import psnr_ffmpeg_yuv, ssim_ffmpeg_yuv
from skyscene.metrics.levels import levels


def test_luma_of_colours_and_greys() -> None:
    colours = torch.eye(3).view(1, 3, 3, 1, 1)  # a frame each of red, green and blue
    assert luma01(colours).ravel().tolist() == [0.299, 0.587, 0.114]
    assert luma(colours).shape == (1, 3, 1, 1) and luma(colours).ravel().tolist() == [76, 150, 29]
    greys = (torch.arange(256) / 255).expand(1, 3, 256).reshape(1, 3, 1, 16, 16)
    assert luma(greys).dtype == np.uint8 and np.array_equal(luma(greys).ravel(), np.arange(256))


def test_levels_round_halves_to_even_and_clip() -> None:
    values = torch.tensor([0.1, 0.3, 0.5, -0.2, 1.2], dtype=torch.float64)
    assert levels(values).tolist() == [26, 76, 128, 0, 255]


@pytest.mark.parametrize(
    "function", [luma, lambda clip: ssim_ffmpeg_yuv(clip, clip), lambda clip: psnr_ffmpeg_yuv(clip, clip)]
)
def test_what_is_no_number_has_no_level(function: Callable[[Tensor], object]) -> None:
    clip = torch.rand(1, 3, 1, 16, 16)
    clip[0, 0, 0, 3, 3] = float("nan")
    with pytest.raises(ValueError, match="no number"):
        function(clip)


def test_batch_and_order_change_no_level() -> None:
    clips = torch.rand(4, 3, 5, 33, 47)
    alone = np.concatenate([luma(clips[k : k + 1]) for k in range(4)])
    assert np.array_equal(luma(clips), alone)
    assert np.array_equal(luma(clips), luma(clips.flip(0, 2))[::-1, ::-1])
