"""Addresses of clips relative to the page."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from skyscene.store import BuildFolder


class Links:
    """Addresses relative to a page; none for a page that does not lie in the build folder.

    Args:
        folder: The build folder.
        page: Where the page will lie.
    """

    def __init__(self, folder: BuildFolder, page: Path) -> None:
        root, beside = folder.root.resolve(), page.resolve().parent
        inside = beside == root or root in beside.parents
        self._up = os.path.relpath(root, beside).replace(os.sep, "/") if inside else None

    def __call__(self, path: str | None) -> str | None:
        """The address of a clip; none for a path that leads out of the folder."""
        if path is None or self._up is None:
            return None
        parts = PurePosixPath(path)
        if parts.is_absolute() or ".." in parts.parts:
            return None
        return quote(str(PurePosixPath(self._up) / parts), safe="/.-_~")
