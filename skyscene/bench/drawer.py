"""A model after a stage as a contestant."""

from __future__ import annotations

from lightning_fabric import Fabric
from torch import Tensor

from skyscene.bench.contestant import Block, Contestant, Cost
from skyscene.bench.model import Model
from skyscene.bench.pictures import to_clips, to_unit


def drawer(fabric: Fabric, model: Model, stage: str, label: str, cost: Cost | None = None) -> Contestant:
    """Draws what a model, in `eval` mode, predicts after a stage."""

    def first(block: Block) -> Tensor:
        return to_clips(block.stored_bthwc[:, :1], model.size)[:, :, 0]

    def draw(block: Block) -> list[Tensor]:
        with fabric.autocast():
            return [to_unit(model.predict(stage, first(block)))]

    def pictures(block: Block) -> dict[str, Tensor]:
        return {name: to_unit(clip) for name, clip in model.pictures(stage, first(block)).items()}

    return Contestant(stage, label, "model", draw, cost=cost, pictures=pictures)
