"""Ctrl-C and SIGTERM to the real program: one line, its workers gone, and the same bytes after a rerun."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from skyscene.builder import build
from tests.hostile.conftest import Here, program
from tests.hostile.material import film, sky
from tests.hostile.table import ROWS
from tests.hostile.test_full_disk import tree

COUNT = 12


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("films")
    for seed in range(COUNT):
        film(folder / f"{seed}.mp4", sky(70, 160, 96, seed))
    return folder


@pytest.fixture(scope="module")
def whole(films: Path, plain: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a build leaves that nobody stopped."""
    out = tmp_path_factory.mktemp("whole") / "set"
    build(films, out, recipe=str(plain), executor=Here())
    return tree(out)


def begun(films: Path, plain: Path, out: Path) -> subprocess.Popen[str]:
    command = [program(), "build", str(films), "--out", str(out), "--recipe", str(plain), "--workers", "2"]
    return subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, start_new_session=True, preexec_fn=_listens
    )


def _listens() -> None:
    """Ctrl-C reaches the program also where the tests themselves run in the background and ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def wait_for(folder: Path, process: subprocess.Popen[str], count: int) -> None:
    """Until so many files are there; it must come to that."""
    deadline = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < deadline:
        if folder.is_dir() and len(list(folder.glob("*.json"))) >= count:
            return
        time.sleep(0.01)
    raise AssertionError("the build ended before it could be stopped")


@pytest.mark.parametrize(
    ("name", "number", "everywhere"),
    [("Ctrl-C", signal.SIGINT, True), ("SIGTERM", signal.SIGTERM, False)],
)
def test_stopped_in_the_middle(
    name: str,
    number: signal.Signals,
    everywhere: bool,
    films: Path,
    plain: Path,
    whole: dict[str, bytes],
    tmp_path: Path,
) -> None:
    out = tmp_path / "set"
    process = begun(films, plain, out)
    wait_for(out / "commits" / "sources", process, 2)
    workers = psutil.Process(process.pid).children(recursive=True)
    # A terminal sends Ctrl-C to all of its foreground, a supervisor sends SIGTERM to the program alone.
    os.killpg(process.pid, number) if everywhere else process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    row = ROWS[name]
    assert f"exit {process.returncode}" == row.status, errors
    last = [line for line in errors.splitlines() if line and not line.startswith("building: ")]
    assert len(last) == 1 and not row.missing(last[0]), errors
    assert workers and not psutil.wait_procs(workers, timeout=20)[1]
    commits = {path: path.stat().st_mtime_ns for path in (out / "commits" / "sources").glob("*.json")}
    assert 2 <= len(commits) < COUNT and not (out / "clips.parquet").exists()
    report = build(films, out, recipe=str(plain), executor=Here())
    assert report.built == COUNT - len(commits)
    assert all(path.stat().st_mtime_ns == when for path, when in commits.items()), "nothing is done twice"
    assert tree(out) == whole


@pytest.mark.parametrize("moment", ["the program starts", "its workers start"])
def test_ctrl_c_at_once(moment: str, films: Path, plain: Path, tmp_path: Path) -> None:
    process = begun(films, plain, tmp_path / "set")
    if moment == "the program starts":
        deadline = time.monotonic() + 60
        maps = Path(f"/proc/{process.pid}/maps")
        while time.monotonic() < deadline and maps.exists() and b"pydantic_core" not in maps.read_bytes():
            time.sleep(0.005)
    else:
        wait_for(tmp_path / "set" / "commits" / "refs", process, 1)
        time.sleep(0.3)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert not ROWS["Ctrl-C"].missing(errors) and "Traceback" not in errors
