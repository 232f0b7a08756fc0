"""Small films, a recipe without judgement, and an executor that stays in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from skyscene.builder import BuildReport, build
from skyscene.media import write_film
from skyscene.records import Limits, Outcome

PLAIN = """
base = "sky"
[media]
spool_mb = 64
[filters]
static = false
camera = false
[filters.dark]
max_p99 = 17
max_detail = 1
min_visible = 0.1
[detectors]
dissolve = false
fade = false
[clips]
crf = 12
preset = "ultrafast"
[cache]
size = [32, 24]
"""


class Here:
    """Runs everything in the process of the test."""

    def run(self, fn: Callable[[Any], Any], items: Iterable[Any], limits: Limits) -> Iterator[Outcome[Any]]:
        for item in items:
            yield Outcome(item, value=fn(item))


@pytest.fixture
def here() -> Here:
    cv2.setNumThreads(1)
    return Here()


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A recipe that keeps every window of a film and knows hard cuts."""
    path = tmp_path_factory.mktemp("recipe") / "plain.toml"
    path.write_text(PLAIN)
    return str(path)


@pytest.fixture(scope="session")
def films(
    tmp_path_factory: pytest.TempPathFactory,
    frames_of_sky: Callable[..., Iterator[np.ndarray]],
) -> Path:
    """a: 100 frames; b: 70 frames; cut: 50 and 60 frames of two skies; same: the bytes of a."""
    folder = tmp_path_factory.mktemp("films")
    write_film(folder / "a.mp4", frames_of_sky(100, seed=1), fps=30)
    write_film(folder / "b.mp4", frames_of_sky(70, seed=2, width=96, height=64), fps=25)
    write_film(folder / "cut.mp4", [*frames_of_sky(50, seed=3), *frames_of_sky(60, seed=4)], fps=24)
    (folder / "same.mp4").write_bytes((folder / "a.mp4").read_bytes())
    return folder


@pytest.fixture
def built(films: Path, plain: str, here: Here, tmp_path: Path) -> BuildReport:
    """All films, built."""
    return build(films, tmp_path / "set", recipe=plain, executor=here)


def tree(root: Path) -> dict[str, bytes]:
    """Every file whose bytes are promised: not the run's facts, nor what says where or when."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name not in ("build.json", ".lock", "recipe.toml", "ledger.jsonl")
    }


@pytest.fixture
def files_of() -> Callable[[Path], dict[str, bytes]]:
    return tree
