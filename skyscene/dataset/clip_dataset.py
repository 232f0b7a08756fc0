"""Clips as torch tensors."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from skyscene.dataset.clip_set import ClipSet, open_clips
from skyscene.errors import MissingExtraError

try:
    import torch
    from torch.utils.data import Dataset
except ImportError:
    raise MissingExtraError("torch", "bench", "read clips as tensors") from None


class ClipDataset(Dataset[Any]):
    """The clips of one side of a build folder, in order of their ids.

    An item is a uint8 tensor of shape (frames, height, width, 3), a copy of what the folder's cache holds;
    nothing is decoded. It is small to send to another process or device: turn it to float there.

    Args:
        folder: A build folder, or clips that were already chosen.
        split: train, val or test; all sides by default.
        transform: Applied to each item.

    Raises:
        StoreError: It is no build folder, or has no split yet.

    Attributes:
        clips: The clips.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str] | ClipSet,
        split: str | None = None,
        transform: Callable[[torch.Tensor], Any] | None = None,
    ) -> None:
        clips = folder if isinstance(folder, ClipSet) else open_clips(folder)
        self.clips = (clips if split is None else clips.split(split)).sorted_by_id()
        self._transform = transform

    def __len__(self) -> int:
        return len(self.clips)

    def __getitem__(self, place: int) -> Any:
        clip_thwc = torch.from_numpy(self.clips.frames(place))
        return clip_thwc if self._transform is None else self._transform(clip_thwc)
