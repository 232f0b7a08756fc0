"""Checkpoints: weights as safetensors, the rest without code in it, each there whole or not at all."""

from __future__ import annotations

import errno
import math
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import safetensors
import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.optim import Optimizer

from skyscene.errors import BenchError, StoreError
from skyscene.store import disk_message, read_json, write_json

_WEIGHTS, _OPTIMISERS, _POINT = "weights.safetensors", "optimisers.pt", "point.json"
_LITTLE = 1 << 20
"""Bytes that are left on a disk that is full."""


@dataclass(frozen=True, slots=True)
class Point:
    """Where in a stage a checkpoint was taken.

    Attributes:
        stage: The stage.
        seen: Real clips seen in it.
        steps: Steps taken in it.
        model: Import path of the model's class.
        score: Of the val side, by the benchmark's metric; none where it was not scored.
        stepping: Seconds that the steps took, over all stops.
        seconds: Seconds of the stage's training in all.
    """

    stage: str
    seen: int
    steps: int
    model: str
    score: float | None
    stepping: float = 0.0
    seconds: float = 0.0


class Checkpoints:
    """The checkpoints of a run: the last few of each stage, and its best.

    Args:
        folder: Where they lie.
        higher: A higher score is the better.
        keep: How many of the last stay.
    """

    def __init__(self, folder: Path, higher: bool = False, keep: int = 2) -> None:
        self.folder = folder
        self._higher = higher
        self._keep = keep

    def save(self, point: Point, model: nn.Module, optimisers: Mapping[str, Optimizer]) -> Path:
        """Writes a checkpoint.

        Raises:
            StoreError: The disk is full or may not be written.
        """
        final = self.folder / f"{point.stage}-{point.seen:09d}"
        part = self.folder / f".{final.name}.{os.getpid()}.part"
        for left in self.folder.glob(f".{point.stage}-*.part"):  # of a process that was killed
            shutil.rmtree(left, ignore_errors=True)
        try:
            part.mkdir(parents=True, exist_ok=True)
            save_file(_apart(model.state_dict()), part / _WEIGHTS)
            torch.save({key: value.state_dict() for key, value in optimisers.items()}, part / _OPTIMISERS)
            for name in (_WEIGHTS, _OPTIMISERS):
                _to_disk(part / name)
            write_json(part / _POINT, asdict(point))
            if final.exists():
                shutil.rmtree(final)
            os.replace(part, final)
        except (OSError, RuntimeError, safetensors.SafetensorError) as error:
            cause = _of_the_disk(error, self.folder)  # before there is room again
            shutil.rmtree(part, ignore_errors=True)
            raise StoreError(disk_message(final, cause)) from error
        return final

    def all(self, stage: str) -> list[Path]:
        """The whole ones of a stage, from the first to the last."""
        found = (path for path in self.folder.glob(f"{stage}-*") if (path / _POINT).is_file())
        return sorted(path for path in found if path.name.removeprefix(f"{stage}-").isdigit())

    def last(self, stage: str) -> Path | None:
        """The last of a stage; none where there is none."""
        return next(reversed(self.all(stage)), None)

    def best(self, stage: str) -> Path | None:
        """The one with the best score, of equals the first; none where none was scored."""
        scored = [
            (-score if self._higher else score, path)
            for path in self.all(stage)
            if (score := read_point(path).score) is not None
        ]
        return min(scored, key=lambda one: (math.isnan(one[0]), *one))[1] if scored else None

    def tidy(self, stage: str) -> None:
        """Removes all but the last few and the best."""
        best = self.best(stage)
        for path in self.all(stage)[: -self._keep]:
            if path != best:
                shutil.rmtree(path)


def _apart(weights: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Weights each with memory of its own, which the file's format asks for; tied ones are there twice."""
    apart: dict[str, torch.Tensor] = {}
    taken: set[int] = set()
    for key, value in weights.items():
        kept = value.detach().cpu().contiguous()
        place = kept.untyped_storage().data_ptr()
        apart[key] = kept.clone() if place in taken else kept
        taken.add(place)
    return apart


def _to_disk(path: Path) -> None:
    """Waits until a file is on the disk: the note of where it was taken must not outlive it."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _of_the_disk(error: Exception, folder: Path) -> OSError:
    """The disk's own error; libraries keep its number in a text, or nowhere."""
    if isinstance(error, OSError):
        return error
    number = re.search(r"os error (\d+)", str(error))
    if number:
        return OSError(int(number[1]), os.strerror(int(number[1])))
    if shutil.disk_usage(folder).free < _LITTLE:
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return OSError(str(error))


def read_point(checkpoint: Path) -> Point:
    """Where a checkpoint was taken.

    Raises:
        StoreError: It is none.
    """
    try:
        return Point(**read_json(checkpoint / _POINT))
    except TypeError as error:
        raise StoreError(f"{checkpoint / _POINT}: {error}") from None


def load_weights(checkpoint: Path, model: nn.Module, wanted: str) -> Point:
    """Loads a checkpoint's weights into a model.

    Args:
        checkpoint: Its folder.
        model: The model.
        wanted: Import path of the model's class.

    Raises:
        BenchError: It is another model's, or does not fit this one.
        StoreError: It cannot be read.
    """
    point = read_point(checkpoint)
    if point.model != wanted:
        raise BenchError(f"{checkpoint} is a checkpoint of {point.model}, not of {wanted}")
    try:
        weights = load_file(checkpoint / _WEIGHTS)
    except (OSError, safetensors.SafetensorError) as error:
        raise StoreError(f"{checkpoint / _WEIGHTS} cannot be read: {error}") from None
    here = model.state_dict()
    other = [key for key in {**here, **weights} if _shape(here, key) != _shape(weights, key)]
    if other:
        key = other[0]
        raise BenchError(
            f"{checkpoint} does not fit this model: {key} is {_shape(weights, key)} there and "
            f"{_shape(here, key)} here ({len(other)} such weights); use the recipe it was trained with"
        )
    model.load_state_dict(weights)
    return point


def load_optimisers(checkpoint: Path, optimisers: Mapping[str, Optimizer]) -> None:
    """Loads the optimisers' states; nothing in the file is run.

    Raises:
        StoreError: It cannot be read, holds code, or is of other optimisers.
    """
    path = checkpoint / _OPTIMISERS
    try:
        states: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        for key, optimiser in optimisers.items():
            optimiser.load_state_dict(states[key])
    except Exception as error:  # unpickling refuses in many ways
        raise StoreError(f"{path} cannot be read: {' '.join(str(error).split())[:200]}") from None


def _shape(weights: Mapping[str, torch.Tensor], key: str) -> str:
    return "x".join(map(str, weights[key].shape)) or "a number" if key in weights else "missing"
