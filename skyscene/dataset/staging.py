"""Folders that are there whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from skyscene.errors import StoreError
from skyscene.store import disk_message, holding


@contextmanager
def staged_folder(target: Path) -> Iterator[Path]:
    """An empty folder beside ``target`` that takes its place if the block ends well.

    What a killed process left behind is swept away by the next one.

    Args:
        target: An absolute path at which there is nothing, or an empty folder.

    Raises:
        StoreError: There is something at ``target``, or the disk is full or may not be written.
        BusyError: Another process is writing to ``target`` now.
    """
    staging = target.with_name(f".{target.name}.part")
    lock = target.with_name(f".{target.name}.lock")
    busy = f"another export is writing to {target}"
    try:
        _check_empty(target)
        with holding(lock, busy, cure="wait for it, or give another folder"):
            try:
                shutil.rmtree(staging, ignore_errors=True)
                staging.mkdir()
                yield staging
                if target.exists():
                    target.rmdir()
                os.replace(staging, target)
            finally:
                shutil.rmtree(staging, ignore_errors=True)
                lock.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(disk_message(target, error)) from error


def _check_empty(target: Path) -> None:
    if target.is_dir() and not any(target.iterdir()):
        return
    if target.exists():
        kind = "is not empty" if target.is_dir() else "is a file"
        raise StoreError(f"{target} {kind}: give a new folder")
