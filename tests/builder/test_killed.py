"""kill -9 at any moment: the same command goes on, and ends in the same bytes."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

Tree = Callable[[Path], dict[str, bytes]]
Files = set[tuple[str, int]]


@pytest.fixture(scope="module")
def kills(request: pytest.FixtureRequest) -> int:
    """How many moments are tried: ``--kills 20`` for all of them."""
    return int(request.config.getoption("--kills"))


def start(films: Path, out: Path, plain: str) -> subprocess.Popen[bytes]:
    """The real command, in a group of its own with its workers."""
    words = ["build", str(films), "--out", str(out), "--recipe", plain, "--workers", "2"]
    return subprocess.Popen(
        [sys.executable, "-c", "from skyscene.cli import main; main()", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def look(out: Path, seen: Files) -> None:
    """Notes every file that ever was, by name and number, the temporary ones, too."""
    for folder, _, names in os.walk(out):
        for path in (Path(folder, name) for name in names):
            with contextlib.suppress(OSError):
                seen.add((path.name, path.stat().st_ino))


def watch(process: subprocess.Popen[bytes], out: Path, most: int | None = None) -> int:
    """How many files have come; returns once there are ``most``, or the process has ended."""
    seen: Files = set()
    while process.poll() is None and (most is None or len(seen) < most):
        look(out, seen)
        time.sleep(0.001)
    return len(seen)


def test_a_killed_build_goes_on_to_the_same_bytes(
    films: Path, plain: str, tmp_path: Path, files_of: Tree, kills: int
) -> None:
    whole = tmp_path / "whole"
    process = start(films, whole, plain)
    events = watch(process, whole)
    process.communicate()
    assert process.returncode == 0 and events > 20
    wanted = files_of(whole)
    moments = random.Random(4).sample(range(1, events), min(kills, events - 1))
    died = 0
    for moment in moments:
        out = tmp_path / f"killed-at-{moment}"
        process = start(films, out, plain)
        watch(process, out, moment)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        died += process.returncode == -signal.SIGKILL
        again = start(films, out, plain)
        _, errors = again.communicate()
        assert again.returncode == 0, (moment, errors.decode())
        assert files_of(out) == wanted, moment
    assert died > 0, "no build was killed before its end"
