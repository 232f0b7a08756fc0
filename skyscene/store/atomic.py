"""Files that are there whole or not at all."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from skyscene.errors import StoreError

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
"""Errors of a disk without room."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path beside ``path`` that takes its place if the block ends well.

    Raises:
        StoreError: The disk is full or may not be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        os.replace(temporary, path)
    except OSError as error:
        raise StoreError(disk_message(path, error)) from error
    finally:
        temporary.unlink(missing_ok=True)


def reserve(path: Path) -> None:
    """Takes the room on the disk that a file of this length needs, so that it is missed before the work.

    Args:
        path: A file that is there.

    Raises:
        OSError: The disk is full.
    """
    if hasattr(os, "posix_fallocate"):
        with path.open("r+b") as file:
            os.posix_fallocate(file.fileno(), 0, os.path.getsize(path))


def disk_message(path: Path, error: OSError) -> str:
    """What went wrong with a file, and what to do."""
    if error.errno in FULL:
        return f"no space left for {path}: make room and run the same command again"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{path} may not be written: check the folder's permissions"
    if error.errno == errno.ENOTDIR:
        return f"{path}: a part of this path is a file, not a folder"
    return f"{path}: {error.strerror or error}"


def write_bytes(path: Path, data: bytes) -> None:
    """Writes a whole file or leaves the old one.

    Raises:
        StoreError: The disk is full or may not be written.
    """
    with replacing(path) as temporary, temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def write_json(path: Path, value: Any) -> None:
    """Writes a value as JSON with sorted keys, whole or not at all."""
    write_bytes(path, (json.dumps(value, sort_keys=True, indent=1) + "\n").encode())


def read_json(path: Path) -> Any:
    """The value in a JSON file.

    Raises:
        StoreError: Missing or broken.
    """
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise StoreError(f"{path} cannot be read: {error}") from None
