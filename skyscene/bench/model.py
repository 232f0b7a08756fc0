"""What a trainable model gives to the loop: who learns, what from, and a prediction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor, nn

from skyscene.nets.mdgan_generator import FRAMES


@dataclass(frozen=True, slots=True)
class Turn:
    """One player's move in a step; the loop lets that player alone descend the sum of its losses.

    Attributes:
        player: A key of `Model.players`.
        losses: Name to a scalar, already weighted.
        shown: Name to a scalar that is logged and not descended.
    """

    player: str
    losses: Mapping[str, Tensor]
    shown: Mapping[str, Tensor]

    @property
    def total(self) -> Tensor:
        """The sum that is descended."""
        first, *rest = self.losses.values()
        return sum(rest, first)


class Model(nn.Module):
    """Base of every model: one first frame in, 32 frames out, output 0 in the input's own place.

    Pictures are float in [-1, 1]. A subclass is named by a recipe (``[model] use = "package.module:Class"``)
    and takes the recipe's other keys, and ``size``, as keyword arguments.

    Class attributes:
        stages: Names in the order of training; each has a table ``[stages.NAME]`` in the recipe.
        frames: Frames of a clip.

    Attributes:
        size: Side of the square pictures, in pixels.
        caveats: What every reader of its numbers has to know of how it draws.
    """

    stages: ClassVar[tuple[str, ...]]
    frames: ClassVar[int] = FRAMES

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size
        self.caveats: tuple[str, ...] = ()

    def players(self, stage: str) -> Mapping[str, nn.Module]:
        """Who learns in a stage: a name to the network whose parameters are moved, each its own optimiser."""
        raise NotImplementedError

    def step(self, stage: str, batches: Iterator[Tensor]) -> Iterator[Turn]:
        """One step, turn by turn: the loop moves the player of a turn before it asks for the next.

        A network that was asked before its player's turn has to be asked again to be up to date. Takes as
        many batches as the method needs.

        Args:
            stage: The stage.
            batches: Real clips without end, (b, 3, frames, size, size).

        Yields:
            One turn for each player of the stage.
        """
        raise NotImplementedError

    def predict(self, stage: str, first_bchw: Tensor) -> Tensor:
        """The clip that follows from a first frame, after that stage; (b, 3, frames, size, size).

        In `eval` mode a clip must not depend on the others of its batch.
        """
        raise NotImplementedError

    def begin(self, stage: str) -> None:
        """Puts every network into the mode that the stage trains it in."""
        self.train()

    def pictures(self, stage: str, first_bchw: Tensor) -> Mapping[str, Tensor]:
        """More to look at beside the prediction: a name to (b, 3, frames, size, size); none by default."""
        return {}
