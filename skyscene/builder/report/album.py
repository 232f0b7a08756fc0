"""Where a page's pictures are: inside it, or in a folder beside it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from skyscene.errors import StoreError
from skyscene.report import Strip
from skyscene.store import disk_message

INSIDE, BESIDE = 1, 2
_MARK = ".skyscene-report"


class Album:
    """The pictures of one page. Those beside it are in a folder named after it: ``report_files``.

    Args:
        page: Where the page will lie.

    Attributes:
        inside: Key to JPEG in base64.
        beside: How many were put into the folder.
    """

    def __init__(self, page: Path) -> None:
        self._folder = page.with_name(f"{page.stem}_files")
        self._new = page.with_name(f".{page.stem}_files.new")
        self.inside: dict[str, str] = {}
        self.beside = 0

    @property
    def name(self) -> str:
        """Name of the folder."""
        return self._folder.name

    def put(self, key: str, strip: Strip, inside: bool) -> int:
        """Takes a picture in, under a key that may hold a slash; says where it is.

        Raises:
            StoreError: The folder cannot be written, or holds other things.
        """
        if inside:
            self.inside[key] = strip.text
            return INSIDE
        if not self.beside:
            self._check()
            self.drop()
        path = self._new / f"{key}.jpg"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(strip.jpeg)
        except OSError as error:
            raise StoreError(disk_message(path, error)) from error
        self.beside += 1
        return BESIDE

    def settle(self) -> None:
        """Puts the folder in the place of an earlier one; where all is inside the page there is none.

        Raises:
            StoreError: The disk may not be written.
        """
        try:
            if (self._folder / _MARK).is_file():
                shutil.rmtree(self._folder)
            if self.beside:
                (self._new / _MARK).write_bytes(b"")
                os.replace(self._new, self._folder)
        except OSError as error:
            raise StoreError(disk_message(self._folder, error)) from error

    def drop(self) -> None:
        """Takes away what was not settled."""
        shutil.rmtree(self._new, ignore_errors=True)

    def _check(self) -> None:
        if self._folder.exists() and not (self._folder / _MARK).is_file():
            raise StoreError(
                f"{self._folder} is not a report's folder of pictures: move it, or give another --to"
            )
