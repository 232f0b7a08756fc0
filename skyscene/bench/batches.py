"""Real clips for training, without end: read ahead in a thread, converted on the device."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

import torch
from torch import Tensor

from skyscene.bench.data import BenchData
from skyscene.bench.order import Order
from skyscene.bench.pictures import to_clips

_AHEAD = 2


class Batches:
    """Iterates over batches of the train side; any of them can be the first.

    Args:
        data: The clips.
        seed: Draws their order.
        seen: Clips that came before, in all processes together.
        batch: Clips a batch and process.
        size: Side of the pictures.
        device: Where they are wanted.
        rank: Number of this process.
        world: How many processes there are.

    Attributes:
        seen: Clips that have come, in all processes together.
    """

    def __init__(
        self,
        data: BenchData,
        *,
        seed: int,
        seen: int,
        batch: int,
        size: int,
        device: torch.device,
        rank: int = 0,
        world: int = 1,
    ) -> None:
        self._data = data
        self._order = Order(len(data.sides["train"]), seed)
        self._batch, self._size, self._device = batch, size, device
        self._rank, self._world = rank, world
        self.seen = self._asked = seen
        self._reader = ThreadPoolExecutor(1, "batches")
        self._coming: list[Future[Tensor]] = []

    def __enter__(self) -> Batches:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._reader.shutdown(cancel_futures=True)

    def __iter__(self) -> Batches:
        return self

    def __next__(self) -> Tensor:
        """The next batch: float32, (b, 3, t, size, size), in [-1, 1]."""
        while len(self._coming) <= _AHEAD:
            self._coming.append(self._reader.submit(self._read, self._asked))
            self._asked += self._batch * self._world
        stored = self._coming.pop(0).result()
        self.seen += self._batch * self._world
        return to_clips(stored.to(self._device, non_blocking=True), self._size)

    def _read(self, seen: int) -> Tensor:
        start = seen + self._rank * self._batch
        stored = self._data.stored("train", self._order.places(start, start + self._batch))
        return stored.pin_memory() if self._device.type == "cuda" else stored
