"""One writer a build folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import filelock

from skyscene.errors import BusyError, StoreError
from skyscene.store.atomic import disk_message
from skyscene.store.folder import BuildFolder


@contextmanager
def writing(folder: BuildFolder) -> Iterator[None]:
    """Holds the folder's lock; the system frees it if the process dies.

    Raises:
        BusyError: Another command writes to the folder now.
        StoreError: The folder may not be written.
    """
    try:
        folder.root.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(folder.lock, timeout=0)
        lock.acquire()
    except filelock.Timeout:
        raise BusyError(
            f"another skyscene command is writing to {folder.root}: wait for it, or use another --out"
        ) from None
    except OSError as error:
        raise StoreError(disk_message(folder.root, error)) from None
    try:
        yield
    finally:
        lock.release()
