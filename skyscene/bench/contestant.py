"""What is scored, and against what: real clips, and whoever draws clips from their first frames."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import torch
from torch import Tensor

from skyscene.bench.data import BenchData
from skyscene.dataset import ClipSet
from skyscene.store import LABEL

Kind = Literal["model", "baseline", "oracle", "reference"]


class Truth(Protocol):
    """Real clips in a fixed order.

    Attributes:
        ids: Their ids.
        groups: The split group of each: clips of one group are not independent.
        labels: Labeller to a label for each clip.
    """

    @property
    def ids(self) -> Sequence[str]:
        """Their ids."""
        ...

    @property
    def groups(self) -> Sequence[str]:
        """The split group of each."""
        ...

    @property
    def labels(self) -> Mapping[str, Sequence[str | None]]:
        """Labeller to a label for each clip."""
        ...

    def stored(self, places: Sequence[int]) -> Tensor:
        """Some of them: uint8, (b, t, h, w, 3)."""
        ...


@dataclass(frozen=True)
class SideTruth:
    """One side of a benchmark's data.

    Attributes:
        data: The data.
        side: Which side.
    """

    data: BenchData
    side: str = "test"

    @property
    def clips(self) -> ClipSet:
        """The side's clips."""
        return self.data.sides[self.side]

    @property
    def ids(self) -> Sequence[str]:
        """Their ids."""
        return self.data.ids(self.side)

    @property
    def groups(self) -> Sequence[str]:
        """The split group of each."""
        return self.data.groups(self.side)

    @property
    def labels(self) -> Mapping[str, Sequence[str | None]]:
        """Labeller to a label for each clip."""
        table = self.clips.table
        return {
            name.removeprefix(LABEL): table[name].to_pylist()
            for name in table.column_names
            if name.startswith(LABEL)
        }

    def stored(self, places: Sequence[int]) -> Tensor:
        """Some of them: uint8, (b, t, h, w, 3)."""
        return self.data.stored(self.side, places)


@dataclass(frozen=True, slots=True)
class Block:
    """Some real clips, on the device where they are scored.

    Attributes:
        ids: Their ids.
        stored_bthwc: uint8, as they are stored.
    """

    ids: Sequence[str]
    stored_bthwc: Tensor


@dataclass(frozen=True, slots=True)
class Cost:
    """What a row's model takes.

    Attributes:
        parameters: Numbers learned by the networks that draw.
        gigaflops: Of one clip, a multiply-add counting as two.
        clips_seen: Real clips seen in training, over all stages up to this one.
        minutes: Of training, over all stages up to this one; none where that is not known.
    """

    parameters: int
    gigaflops: float
    clips_seen: int
    minutes: float | None


@dataclass(frozen=True, slots=True)
class Contestant:
    """Draws clips from the first frames of real ones.

    Attributes:
        name: Of its row and of its files.
        label: For people.
        kind: A model, a baseline, an oracle, which looks at the truth, or a reference, which is only there to
            compare another row with.
        draw: A block to one batch of clips a sample, (b, 3, t, h, w) in [0, 1], of any size.
        samples: How many batches that are.
        lossy: Whether its clips went through a codec that loses.
        cost: What it takes, where that is known.
        timed: Whether it draws; what is only read from a disk has no speed of its own.
        pictures: More to look at beside its clips: a block to a name and such a batch.
    """

    name: str
    label: str
    kind: Kind
    draw: Callable[[Block], Sequence[Tensor]]
    samples: int = 1
    lossy: bool = False
    cost: Cost | None = None
    timed: bool = True
    pictures: Callable[[Block], Mapping[str, Tensor]] | None = None


def blocks(truth: Truth, most: int, device: torch.device) -> Iterator[tuple[range, Block]]:
    """All real clips in order, so many at once, with their places."""
    ids = truth.ids
    for start in range(0, len(ids), most):
        places = range(start, min(start + most, len(ids)))
        yield places, Block([ids[k] for k in places], truth.stored(places).to(device))


def spread(count: int, most: int) -> list[int]:
    """At most so many places of a list, evenly spread; all of them for 0.

    >>> spread(10, 4)
    [0, 3, 6, 9]
    """
    if not most or count <= most:
        return list(range(count))
    return sorted({round(place) for place in np.linspace(0, count - 1, most)})
