from __future__ import annotations

import errno
from pathlib import Path

import pytest

from skyscene.errors import StoreError
from skyscene.store import disk_message, read_json, replacing, write_bytes


def test_a_block_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a" / "x.bin"
    write_bytes(path, b"old")
    with pytest.raises(RuntimeError), replacing(path) as temporary:
        temporary.write_bytes(b"half")
        raise RuntimeError
    assert path.read_bytes() == b"old" and list(path.parent.iterdir()) == [path]


def test_a_block_that_ends_well_takes_its_place(tmp_path: Path) -> None:
    path = tmp_path / "x.bin"
    write_bytes(path, b"old")
    with replacing(path) as temporary:
        temporary.write_bytes(b"new")
    assert path.read_bytes() == b"new" and list(tmp_path.iterdir()) == [path]


def test_a_full_disk_says_make_room(tmp_path: Path) -> None:
    with (
        pytest.raises(StoreError, match="make room and run the same command again"),
        replacing(tmp_path / "x"),
    ):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_forbidden_place_says_check_the_permissions(tmp_path: Path) -> None:
    assert "permissions" in disk_message(tmp_path, OSError(errno.EACCES, "x"))


def test_broken_json_names_its_file(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{")
    with pytest.raises(StoreError, match=r"x\.json cannot be read"):
        read_json(tmp_path / "x.json")
