"""What a worker process runs; a file of its own, so that it imports the decode and not the downloads."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa

from skyscene.builder.progress import tick_file
from skyscene.builder.recipe import Recipe
from skyscene.builder.retune_source import Turn, finish_source
from skyscene.builder.source import Job, build_source
from skyscene.errors import StoreError
from skyscene.records import SourceResult
from skyscene.store import FULL, BuildFolder, disk_message


class Worker:
    """Builds one source; sent to a process with every job.

    Args:
        folder: The build folder.
        recipe: The resolved recipe.
    """

    def __init__(self, folder: BuildFolder, recipe: Recipe) -> None:
        self._folder = folder
        self._recipe = recipe

    def __call__(self, job: Job) -> SourceResult:
        """The committed result.

        Raises:
            StoreError: The disk is full.
            RuntimeError: A component of the user's asked the process to end.
        """
        _give_memory_back()
        with one_source(self._folder):
            if job.write_clips:
                finished = finish_source(Turn(job.named, job.path), self._folder, self._recipe)
                if finished:
                    return finished
            with tick_file(self._folder.work, job.named.source_id) as tick:
                return build_source(job, self._folder, self._recipe, tick)


def _give_memory_back() -> None:
    """In a process of our own, has Arrow take the system's memory: its own pool keeps what it once had."""
    if multiprocessing.parent_process() is not None:
        pa.set_memory_pool(pa.system_memory_pool())


class RetuneWorker:
    """Plans or turns one source of a retune; sent to a process with every item.

    Args:
        task: `plan_source` or `retune_source`.
        folder: The build folder.
        recipe: The recipe it goes to.
    """

    def __init__(
        self, task: Callable[[Any, BuildFolder, Recipe], Any], folder: BuildFolder, recipe: Recipe
    ) -> None:
        self._task, self._folder, self._recipe = task, folder, recipe

    def __call__(self, item: Any) -> Any:
        """What the task returns."""
        with one_source(self._folder):
            return self._task(item, self._folder, self._recipe)


@contextmanager
def one_source(folder: BuildFolder) -> Iterator[None]:
    """Sees that a full disk ends the run, and a component of the user's no more than its source.

    Raises:
        StoreError: The disk is full.
        RuntimeError: A component asked the process to end.
    """
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise StoreError(disk_message(folder.root, error)) from None
        raise
    except (SystemExit, KeyboardInterrupt) as error:
        raise RuntimeError(f"{type(error).__name__} in a component: {error}") from error
