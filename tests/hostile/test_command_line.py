"""What a tired person types: one clear line, the right exit code, and nothing is begun."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from skyscene.builder import build
from tests.hostile.conftest import Command, Here, program
from tests.hostile.material import film
from tests.hostile.table import ROWS

MISTAKES: dict[str, tuple[str, ...]] = {
    "a misspelt command": ("biuld", "films", "--out", "set"),
    "a misspelt option": ("build", "films", "--out", "set", "--worker", "2"),
    "no sources": ("build", "--out", "set"),
    "no --out": ("build", "films"),
    "an empty --out": ("build", "films", "--out", ""),
    "a value that is no number": ("build", "films", "--out", "set", "--set", "filters.dark.max_p99=abc"),
    "four wrong overrides at once": (
        "build",
        "films",
        "--out",
        "set",
        "--set=filtrs.dark.x=1",
        "--set=windows.lenght=3",
        "--set=nonsense",
        "--set=filters.drak.max_p99=3",
    ),
    "a recipe that is not there": ("build", "films", "--out", "set", "--recipe", "skyy"),
    "--out is a file": ("build", "films", "--out", "file"),
    "--out lies below a file": ("build", "films", "--out", "file/set"),
    "--out holds other things": ("build", "films", "--out", "films"),
    "a folder without videos": ("build", "empty", "--out", "set"),
    "a pattern that nothing matches": ("build", "films/*.mkv", "--out", "set"),
    "sources that are not there": ("build", "films", "none.mp4", "gone/", "--out", "set"),
    "a name that is empty": ("build", "", "--out", "set"),
    "a bare YouTube id": ("build", "07U1fSrk9oI", "--out", "set"),
    "a playlist's address": ("build", "https://www.youtube.com/playlist?list=PL1234567890", "--out", "set"),
    "a pipe given by name": ("build", "pipe.mp4", "--out", "set"),
    "no build folder": ("verify", "films"),
    "no --by-source": ("split", "films"),
}


@pytest.fixture
def desk(command: Command, tmp_path: Path) -> Command:
    """A folder with a film, one without, a file and a pipe."""
    (tmp_path / "films").mkdir()
    film(tmp_path / "films" / "a.mp4")
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("mine")
    os.mkfifo(tmp_path / "pipe.mp4")
    return command


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake(name: str, desk: Command, tmp_path: Path) -> None:
    done = desk(*MISTAKES[name])
    row = ROWS[name]
    assert f"exit {done.code}" == row.status and done.out == ""
    assert not row.missing(done.err), done.err
    lines = done.err.splitlines()
    assert lines[0].startswith("error: ") and len(lines) <= 4 if done.code == 1 else "Usage: " in lines[0]
    assert not (tmp_path / "set").exists()
    assert (tmp_path / "file").read_text() == "mine" and os.listdir(tmp_path / "films") == ["a.mp4"]


@pytest.fixture(scope="module")
def built(plain: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build folder."""
    folder = tmp_path_factory.mktemp("built")
    film(folder / "a.mp4")
    return build(folder / "a.mp4", folder / "sky", recipe=str(plain), executor=Here()).folder


@pytest.fixture
def made(built: Path, desk: Command, tmp_path: Path) -> Path:
    """The same, to be spoilt."""
    return shutil.copytree(built, tmp_path / "sky")


def test_a_folder_of_another_version(made: Path, desk: Command) -> None:
    row = ROWS["a folder of another version"]
    for table in made.glob("*.parquet"):
        rows = pq.read_table(table)
        pq.write_table(
            rows.replace_schema_metadata({**rows.schema.metadata, b"schema_version": b"99"}), table
        )
    for words in (("verify", made), ("split", made, "--by-source"), ("report", made)):
        done = desk(*words)
        assert f"exit {done.code}" == row.status and not row.missing(done.err), done.err
        assert len(done.err.splitlines()) == 1


def test_commits_of_another_version(made: Path, desk: Command, plain: Path) -> None:
    row = ROWS["a folder of another version, to be gone on with"]
    before = {path: path.read_bytes() for path in made.rglob("*.mp4")}
    for commit in (made / "commits").rglob("*.json"):
        commit.write_text(commit.read_text().replace('"schema": 1', '"schema": 99'))
    done = desk("build", "films", "--out", made, "--recipe", plain)
    assert f"exit {done.code}" == row.status and not row.missing(done.err), done.err
    assert before == {path: path.read_bytes() for path in made.rglob("*.mp4")}


def test_another_recipe(made: Path, desk: Command, plain: Path) -> None:
    row = ROWS["a folder built by another recipe"]
    done = desk("build", "films", "--out", made, "--recipe", plain, "--set", "windows.margin=5")
    assert f"exit {done.code}" == row.status and not row.missing(done.err), done.err


def test_sources_and_build_in_one_folder(made: Path, desk: Command, plain: Path, tmp_path: Path) -> None:
    """A build folder inside the sources is left out of them, and is no source itself."""
    made.rename(tmp_path / "films" / "sky")
    done = desk("build", "films", "--out", "films/sky", "--recipe", plain)
    assert done.code == 0 and done.out.startswith("2 sources  (1 duplicate)\n")
    assert "nothing was left to do" in done.out
    row = ROWS["a build folder as a source"]
    done = desk("build", "films/sky", "--out", "set")
    assert f"exit {done.code}" == row.status and not row.missing(done.err), done.err


def ordinary() -> None:
    """Makes this process ask for permission as anybody must, also where it runs as root."""
    library = ctypes.CDLL(None, use_errno=True)
    for capability in (1, 2):  # to pass over the permissions of files, and of folders
        library.prctl(24, capability, 0, 0, 0)


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs Linux")
@pytest.mark.parametrize("name", ["a folder that may not be written", "a file that may not be read"])
def test_no_permission(name: str, desk: Command, plain: Path, tmp_path: Path) -> None:
    row = ROWS[name]
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o555)
    secret = tmp_path / "films" / "secret.mp4"
    film(secret).chmod(0)
    out = closed / "set" if "written" in name else tmp_path / "set"
    done = subprocess.run(
        [program(), "build", "films", "--out", out, "--recipe", plain, "--workers", "1", "--no-clips"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        preexec_fn=ordinary,
    )
    assert not row.missing(done.stderr), done.stderr
    if "written" in name:
        assert f"exit {done.returncode}" == row.status and len(done.stderr.splitlines()) == 1
        assert not os.listdir(closed)
        return
    assert done.returncode == 0 and "2 more are pending" in done.stdout
    statuses = pq.read_table(out / "sources.parquet", columns=["status"])["status"].to_pylist()
    assert sorted(statuses) == sorted(["done", row.status])


def test_an_unknown_host(desk: Command, plain: Path, tmp_path: Path) -> None:
    row = ROWS["a host that nobody knows"]
    hurry = ("sleep_requests=0", "sleep_min=0", "sleep_max=0", "retries=0", "extractor_retries=0")
    changes = [word for change in hurry for word in ("--set", f"download.{change}")]
    address = "https://nowhere.invalid/sky.mp4"
    done = desk("build", address, "films", "--out", "set", "--recipe", plain, "--workers", 1, *changes)
    assert done.code == 0 and "2 clips kept" in done.out
    assert not row.missing(done.err), done.err
    found = pq.read_table(tmp_path / "set" / "sources.parquet").to_pylist()
    assert {source["status"] for source in found if source["url"] == address} == {row.status}


def test_more_time_than_allowed(desk: Command, plain: Path, tmp_path: Path) -> None:
    """Nearly an hour of one tiny picture takes longer than the three seconds that are allowed here."""
    from tests.hostile.material import packets, png

    packets(tmp_path / "slow.avi", [png(64, 36)] * 80_000, "png", 64, 36, range(80_000))
    row = ROWS["more time than allowed"]
    limit = ("--set", "media.max_minutes=0.05", "--set", "media.max_frames=0")
    done = desk("build", "slow.avi", "--out", "set", "--recipe", plain, "--workers", 1, "--no-clips", *limit)
    assert done.code == 0 and not row.missing(done.err), done.err
    (source,) = pq.read_table(tmp_path / "set" / "sources.parquet").to_pylist()
    assert source["status"] == row.status and not row.missing(source["reason"])
