"""The program as a person calls it, and one build of every odd file."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import pyarrow.parquet as pq
import pytest

from skyscene.cli import main
from skyscene.records import Limits, Outcome
from tests.hostile.cases import write_all

PLAIN = """
base = "sky"
[media]
spool_mb = 16
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
        cv2.setNumThreads(1)
        for item in items:
            yield Outcome(item, value=fn(item))


@dataclass(frozen=True)
class Done:
    """How a command ended.

    Attributes:
        code: Exit code.
        out: Standard output.
        err: Standard error.
        folder: The build folder, if there is one.
    """

    code: int
    out: str
    err: str
    folder: Path | None = None

    def table(self, name: str) -> list[dict[str, Any]]:
        assert self.folder is not None
        return pq.read_table(self.folder / f"{name}.parquet").to_pylist()


Command = Callable[..., Done]


@contextlib.contextmanager
def as_it_was() -> Iterator[None]:
    """Puts back what the program sets for its whole process."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    arguments, path = sys.argv, list(sys.path)
    try:
        yield
    finally:
        sys.argv, sys.path[:] = arguments, path
        for number, handler in handlers.items():
            signal.signal(number, handler)


def skyscene(*args: str | Path, folder: Path | None = None) -> Done:
    """Runs the program's own entry in this process: what it prints, and how it exits."""
    out, err = io.StringIO(), io.StringIO()
    code: object = 0
    with as_it_was(), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        sys.argv = ["skyscene", *map(str, args)]
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
    assert "Traceback" not in err.getvalue() + out.getvalue()
    assert isinstance(code, int)
    return Done(code, out.getvalue(), err.getvalue(), folder)


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    monkeypatch.chdir(tmp_path)
    return skyscene


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recipe that keeps every window."""
    path = tmp_path_factory.mktemp("recipe") / "plain.toml"
    path.write_text(PLAIN)
    return path


@pytest.fixture(scope="session")
def odd_sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every case."""
    folder = tmp_path_factory.mktemp("odd")
    write_all(folder)
    return folder


@pytest.fixture(scope="session")
def odd_set(odd_sources: Path, plain: Path, tmp_path_factory: pytest.TempPathFactory) -> Done:
    """The folder, built."""
    out = tmp_path_factory.mktemp("set") / "sky"
    limit = ("--set", "media.max_frames=300")
    return skyscene(
        "build", odd_sources, "--out", out, "--recipe", plain, *limit, "--workers", "2", folder=out
    )


def program() -> str:
    """The program itself, for what only a process of its own can show."""
    return os.path.join(os.path.dirname(sys.executable), "skyscene")
