"""A disk that fills up: one line, no source written off, and the same bytes once there is room."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from skyscene.builder import build
from skyscene.builder.spool import Spool
from skyscene.errors import StoreError
from skyscene.media import ClipSettings, Size, encode_clip
from skyscene.records import Interval
from skyscene.store import BuildFolder
from skyscene.store.tables import write_table
from tests.hostile.conftest import Here, program
from tests.hostile.material import film, sky
from tests.hostile.table import ROWS

SCRIPT = """
mount -t tmpfs -o size=$1k none "$2" || exit 77
copy=$3; disk=$2; shift 3
"$@"; code=$?
cp -a "$disk/set" "$copy"
exit $code
"""
ALONE = ["unshare", "--mount", "--user", "--map-root-user"]


def tree(folder: Path) -> dict[str, bytes]:
    """Every file whose bytes are promised."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("build.json", ".lock", "recipe.toml")
    }


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("films")
    for seed in range(3):
        film(folder / f"{seed}.mp4", sky(100, 160, 96, seed))
    return folder


@pytest.fixture(scope="module")
def whole(films: Path, plain: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a build without trouble leaves."""
    out = tmp_path_factory.mktemp("whole") / "set"
    build(films, out, recipe=str(plain), executor=Here())
    return tree(out)


@pytest.fixture
def no_room(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """The disk has room for so many more pieces."""

    def after(pieces: int) -> None:
        left = iter(range(pieces))

        def take(descriptor: int, start: int, size: int) -> None:
            if next(left, None) is None:
                raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "posix_fallocate", take, raising=False)

    return after


@pytest.mark.parametrize("kilobytes", [40, 700])
def test_a_small_disk(
    kilobytes: int, films: Path, plain: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    """The smaller has no room for a spool, the larger none for all clips."""
    if not shutil.which("unshare"):
        pytest.skip("needs a disk of its own")
    disk, out = tmp_path / "disk", tmp_path / "set"
    disk.mkdir()
    options = ["--out", f"{disk}/set", "--recipe", str(plain), "--workers", "1"]
    script = ["sh", "-c", SCRIPT, "sh", str(kilobytes), str(disk), str(out)]
    done = subprocess.run(
        [*ALONE, *script, program(), "build", str(films), *options], capture_output=True, text=True
    )
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip("may not mount a disk of its own")
    assert f"exit {done.returncode}" == ROWS["a full disk"].status, done.stderr
    errors = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert len(errors) == 1 and not ROWS["a full disk"].missing(errors[0]), done.stderr
    assert "failed: " not in done.stderr and "Traceback" not in done.stderr
    commits = [json.loads(path.read_text()) for path in (out / "commits" / "sources").glob("*.json")]
    assert len(commits) < 3 and not any(commit["reason"] for commit in commits), "no source is written off"
    build(films, out, recipe=str(plain), executor=Here())
    assert tree(out) == whole


def test_a_cache_that_has_no_room_stops_the_build_before_its_process_dies_of_it(
    films: Path, plain: Path, tmp_path: Path, no_room: Callable[[int], None]
) -> None:
    no_room(0)
    with pytest.raises(StoreError, match=r"no space left for .*/cache/\w+\.npy: make room"):
        build(films, tmp_path / "set", recipe=str(plain), executor=Here())
    assert not list((tmp_path / "set").glob("commits/sources/*"))


def test_a_clip_that_has_no_room_is_the_disks_fault() -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("needs a device that is always full")
    planes = np.random.default_rng(0).integers(16, 235, (36 * 3 // 2, 64), dtype=np.uint8)
    settings = ClipSettings(long_side=64, crf=0, preset="ultrafast")
    with pytest.raises(OSError) as caught:
        encode_clip(Path("/dev/full"), [planes] * 40, Size(64, 36), 25.0, "bt709", settings)
    assert caught.value.errno == errno.ENOSPC


def test_a_table_that_has_no_room_says_so_and_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyarrow.parquet as pq

    path = BuildFolder(tmp_path).clips
    write_table(path, pa.table({"a": [1]}))
    before = path.read_bytes()

    def half(table: pa.Table, where: Path, **how: object) -> None:
        where.write_bytes(b"PAR1")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pq, "write_table", half)
    with pytest.raises(StoreError, match=r"no space left for .*clips\.parquet: make room and run the same"):
        write_table(path, pa.table({"a": [2]}))
    assert path.read_bytes() == before and os.listdir(tmp_path) == ["clips.parquet"]


def test_a_spool_without_room_closes_and_keeps_what_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.pwrite

    def some(descriptor: int, data: memoryview, at: int) -> int:
        """The disk has room for 101 frames and a half."""
        if at >= 102 * 24:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(descriptor, bytes(data)[: 2424 + 12 - at], at)

    monkeypatch.setattr(os, "pwrite", some)
    with Spool(tmp_path / "x.spool", 10_000) as spool:
        taken = 0
        for number in range(400):
            if spool.open:
                spool.put(number, np.full((6, 4), number % 256, np.uint8))
                taken += spool.open
        assert not spool.open and taken == 101
        assert spool.holds(Interval(0, taken)) and not spool.holds(Interval(taken, taken + 1))
        frames = spool.read(Interval(0, taken))
        assert [int(frame[0, 0]) for frame in frames] == [number % 256 for number in range(taken)]
