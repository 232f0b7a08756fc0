"""A contest from its folder: a run, or clips from elsewhere that were scored there."""

from __future__ import annotations

from pathlib import Path

from skyscene.bench.contest import Contest
from skyscene.bench.elsewhere.contest import KIND, open_elsewhere
from skyscene.bench.running import RUN, open_run
from skyscene.bench.watch import Watch, nobody
from skyscene.errors import BenchError
from skyscene.store import read_json


def is_contest(folder: Path) -> bool:
    """Whether a folder is a run, or holds the scores of clips from elsewhere: it has a ``run.json``."""
    return (folder / RUN).is_file()


def open_contest(folder: Path, device: str = "auto", watch: Watch = nobody) -> Contest:
    """The contest of a folder.

    Args:
        folder: A run's, or one that `bench score PREDICTIONS` made.
        device: auto, cpu, cuda, ...
        watch: Told what happens.

    Raises:
        BenchError: It is neither, its data or its clips changed since, or there is no such device.
    """
    if is_contest(folder):
        about = read_json(folder / RUN)
        if not isinstance(about, dict):
            raise BenchError(f"{folder / RUN} is none of ours")
        if about.get("kind") == KIND:
            return open_elsewhere(folder, device, watch)
    return open_run(folder, device, watch).contest()
