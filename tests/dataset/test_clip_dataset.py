"""Clips as torch tensors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

import skyscene
from skyscene.dataset import open_clips
from skyscene.errors import StoreError

Cached = Callable[[int, int], np.ndarray]
Ids = Callable[[int, int], str]


@pytest.mark.parametrize(
    ("side", "sources"), [("train", (0, 1)), ("val", (2,)), ("test", (3,)), (None, (0, 1, 2, 3))]
)
def test_every_clip_of_a_side(
    sky: Path, cached_of: Cached, id_of: Ids, side: str | None, sources: tuple[int, ...]
) -> None:
    clips = skyscene.ClipDataset(sky, split=side)
    wanted = {id_of(source, clip): cached_of(source, clip) for source in sources for clip in range(2)}
    assert len(clips) == len(wanted) and clips.clips.table["clip_id"].to_pylist() == sorted(wanted)
    for place, clip_id in enumerate(sorted(wanted)):
        assert clips[place].dtype == torch.uint8 and clips[place].shape == (32, 16, 16, 3)
        assert np.array_equal(clips[place].numpy(), wanted[clip_id])


def test_chosen_clips_and_a_transform(sky: Path, cached_of: Cached) -> None:
    chosen = open_clips(sky).where(frame_start=0)
    clips = skyscene.ClipDataset(chosen, split="val", transform=lambda clip_thwc: clip_thwc[0].float() / 255)
    assert len(clips) == 1 and clips[0].dtype == torch.float32
    assert torch.equal(clips[0], torch.from_numpy(cached_of(2, 0)[0]).float() / 255)


def test_in_batches(sky: Path) -> None:
    batches = list(DataLoader(skyscene.ClipDataset(sky, split="train"), batch_size=3))
    assert [batch.shape for batch in batches] == [(3, 32, 16, 16, 3), (1, 32, 16, 16, 3)]
    assert all(batch.dtype == torch.uint8 for batch in batches)


def test_an_item_is_the_callers_own(sky: Path) -> None:
    clips = skyscene.ClipDataset(sky, split="test")
    before = clips[0].clone()
    clips[0].zero_()
    assert torch.equal(clips[0], before)


def test_a_misspelt_side(sky: Path) -> None:
    with pytest.raises(StoreError, match="did you mean train"):
        skyscene.ClipDataset(sky, split="trian")
