"""One writer a folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from skyscene.errors import BusyError, StoreError
from skyscene.store.atomic import disk_message
from skyscene.store.folder import BuildFolder


@contextmanager
def writing(folder: BuildFolder) -> Iterator[None]:
    """Holds a build folder's lock.

    Raises:
        BusyError: Another command writes to the folder now.
        StoreError: The folder may not be written.
    """
    with holding(folder.lock, f"another skyscene command is writing to {folder.root}"):
        yield


@contextmanager
def holding(path: Path, busy: str) -> Iterator[None]:
    """Holds a lock; the system frees it if the process dies.

    Args:
        path: The lock's file, whose folder is made.
        busy: What to say where another process holds it.

    Raises:
        BusyError: Another process holds it.
        StoreError: Its folder may not be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(path, timeout=0)
        lock.acquire()
    except filelock.Timeout:
        raise BusyError(f"{busy}: wait for it, or use another --out") from None
    except OSError as error:
        raise StoreError(disk_message(path.parent, error)) from None
    try:
        yield
    finally:
        lock.release()
