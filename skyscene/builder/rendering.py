"""Synthetic sources rendered to video files, with the truth beside them."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from skyscene.builder.executor import LocalExecutor
from skyscene.builder.progress import Event, Watch, nobody
from skyscene.errors import MediaError, SkySceneError, StoreError
from skyscene.media import write_film
from skyscene.records import Executor, Limits
from skyscene.store import read_json, replacing, write_json
from skyscene.synth import SynthSource, Truth

TRUTH = "truth.json"
"""Name of the file that holds the truth about the videos beside it."""


def render_films(
    sources: Sequence[SynthSource],
    to: str | Path,
    *,
    workers: int | None = None,
    watch: Watch = nobody,
    executor: Executor | None = None,
) -> list[Path]:
    """Renders sources to ``NAME.mp4`` and writes ``truth.json``; what is there already is not drawn again.

    Args:
        sources: What to render; a re-upload is a copy of its original's file.
        to: The folder.
        workers: Worker processes; as many as processors by default.
        watch: Told of every film.
        executor: Where films are rendered; local processes by default.

    Returns:
        The videos, in the order of the sources.

    Raises:
        StoreError: The folder cannot be written, or holds the films of another set.
        SkySceneError: A film cannot be rendered.
    """
    folder = Path(to)
    truths = [source.truth.to_json() for source in sources]
    if (folder / TRUTH).is_file():
        if read_json(folder / TRUTH) != truths:
            raise StoreError(f"{folder} holds other synthetic films: give another folder")
    else:
        write_json(folder / TRUTH, truths)
    paths = {source.name: folder / f"{source.name}.mp4" for source in sources}
    drawn = [s for s in sources if s.truth.duplicate_of is None and not paths[s.name].is_file()]
    watch(Event("start", "rendering", len(drawn)))
    executor = executor or LocalExecutor(workers)
    for outcome in executor.run(_Render(folder), drawn, Limits()):
        assert isinstance(outcome.item, SynthSource)
        if outcome.code:
            raise SkySceneError(f"{outcome.item.name} cannot be rendered: {outcome.error}")
        watch(Event("built", outcome.item.name))
    for source in sources:
        if source.truth.duplicate_of and not paths[source.name].is_file():
            with replacing(paths[source.name]) as temporary:
                shutil.copyfile(paths[source.truth.duplicate_of], temporary)
    return list(paths.values())


class _Render:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, source: SynthSource) -> int:
        with replacing(self._folder / f"{source.name}.mp4") as temporary:
            count = write_film(temporary, source.frames(), source.truth.fps)
        if count != source.truth.length:
            raise MediaError("length", f"{count} frames instead of {source.truth.length}")
        return count


def read_truth(folder: str | Path) -> list[Truth]:
    """The truth about the films in a folder.

    Raises:
        StoreError: There is none, or it is broken.
    """
    return [Truth.from_json(row) for row in read_json(Path(folder) / TRUTH)]
