"""One writer a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
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
def holding(path: Path, busy: str, cure: str = "wait for it, or use another --out") -> Iterator[None]:
    """Holds a lock; the system frees it if the process dies.

    Args:
        path: The lock's file, whose folder is made.
        busy: What to say where another process holds it.
        cure: What to do then.

    Raises:
        BusyError: Another process holds it.
        StoreError: Its folder may not be written.
    """
    try:
        held = _acquired(path)
    except filelock.Timeout:
        raise BusyError(f"{busy}: {cure}") from None
    with held:
        yield


@contextmanager
def awaiting(path: Path, told: Callable[[], None]) -> Iterator[None]:
    """Holds a lock, as soon as whoever holds it now has let go.

    Args:
        path: The lock's file, whose folder is made.
        told: Called once where there is something to wait for.

    Raises:
        StoreError: Its folder may not be written.
    """
    try:
        held = _acquired(path)
    except filelock.Timeout:
        told()
        held = _acquired(path, patience=-1)
    with held:
        yield


def _acquired(path: Path, patience: float = 0) -> AbstractContextManager[object]:
    """A lock that is held until the block ends; seconds of patience, endless where negative."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return filelock.FileLock(path, timeout=patience).acquire()
    except filelock.Timeout:  # an OSError too
        raise
    except OSError as error:
        raise StoreError(disk_message(path.parent, error)) from None
