"""A model of twelve weights, without batch norm: what several processes learn is what one learns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

import torch
from torch import Tensor, nn

from skyscene.bench import Model, Turn


class Fading(Model):
    """Learns one shade to add to the first frame, more with every frame."""

    stages: ClassVar[tuple[str, ...]] = ("train",)

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.shade = nn.Conv2d(3, 3, 1)

    def players(self, stage: str) -> Mapping[str, nn.Module]:
        """One player."""
        return {"generator": self.shade}

    def step(self, stage: str, batches: Iterator[Tensor]) -> Iterator[Turn]:
        """One turn: the mean squared error."""
        real_bcthw = next(batches)
        error_bcthw = self.predict(stage, real_bcthw[:, :, 0]) - real_bcthw
        yield Turn("generator", {"content": error_bcthw.square().mean()}, {})

    def predict(self, stage: str, first_bchw: Tensor) -> Tensor:
        """The first frame, shaded."""
        steps = first_bchw.new_tensor(range(self.frames)) / self.frames
        return first_bchw.unsqueeze(2) + self.shade(first_bchw).tanh().unsqueeze(2) * steps[:, None, None]


class Hungry(Fading):
    """Runs out of memory with more than two clips at once."""

    def step(self, stage: str, batches: Iterator[Tensor]) -> Iterator[Turn]:
        """One turn, of two clips at most."""
        for batch in batches:
            if len(batch) > 2:
                raise torch.OutOfMemoryError("no room for this")
            yield from super().step(stage, iter([batch]))
            return


class Sure(Fading):
    """Its discriminator is never in doubt."""

    def players(self, stage: str) -> Mapping[str, nn.Module]:
        """One player, which judges."""
        return {"discriminator": self.shade}

    def step(self, stage: str, batches: Iterator[Tensor]) -> Iterator[Turn]:
        """One turn."""
        for turn in super().step(stage, batches):
            yield Turn(
                "discriminator", turn.losses, {"says_real": torch.ones(()), "says_drawn": torch.zeros(())}
            )


class Crowded(Hungry):
    """Runs out of memory as Linux says it, with more than six clips in one step, however they are split."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self._held = 0

    def step(self, stage: str, batches: Iterator[Tensor]) -> Iterator[Turn]:
        """One turn; its clips are held until the step ends."""
        batch = next(batches)
        self._held += len(batch)
        try:
            if self._held > 6:
                raise RuntimeError(
                    "DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 bytes"
                )
            yield from Fading.step(self, stage, iter([batch]))
        finally:
            self._held -= len(batch)


class Counting(Fading):
    """Knows which step it is at."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self._taken = 0

    def step(self, stage: str, batches: Iterator[Tensor]) -> Iterator[Turn]:
        """One turn."""
        self._taken += 1
        yield from super().step(stage, batches)


class Breaking(Counting):
    """Its loss is no number any more from the tenth step on."""

    def step(self, stage: str, batches: Iterator[Tensor]) -> Iterator[Turn]:
        """One turn."""
        for turn in super().step(stage, batches):
            loss = turn.losses["content"] * (float("nan") if self._taken >= 10 else 1)
            yield Turn(turn.player, {"content": loss}, {})


class Cracking(Counting):
    """Its weights are no numbers any more from the tenth step on; its loss is."""

    def step(self, stage: str, batches: Iterator[Tensor]) -> Iterator[Turn]:
        """One turn."""
        for turn in super().step(stage, batches):
            weight = self.shade.weight
            cracked = {"content": (weight - weight.detach()).abs().sqrt().sum()}
            yield Turn("generator", cracked if self._taken >= 10 else turn.losses, {})
