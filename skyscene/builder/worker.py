"""What a worker process runs; a file of its own, so that it imports the decode and not the downloads."""

from __future__ import annotations

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
        try:
            if job.write_clips:
                finished = finish_source(Turn(job.named, job.path), self._folder, self._recipe)
                if finished:
                    return finished
            with tick_file(self._folder.work, job.named.source_id) as tick:
                return build_source(job, self._folder, self._recipe, tick)
        except OSError as error:
            if error.errno in FULL:
                raise StoreError(disk_message(self._folder.root, error)) from None
            raise
        except (SystemExit, KeyboardInterrupt) as error:
            # A component of the user's must not end more than its source.
            raise RuntimeError(f"{type(error).__name__} in a component: {error}") from error
