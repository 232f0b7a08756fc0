"""Tombstones: sources that must never be used again, whatever a manifest says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from skyscene.collect.grid import read_lines
from skyscene.collect.locator import file_locator, locator
from skyscene.errors import ManifestError, StoreError
from skyscene.records import SourceRef, short_hash
from skyscene.store.atomic import write_bytes

NAME = "removed.txt"
"""The file's name in a build folder."""

_HASH = re.compile(r"[0-9a-f]{16}")
_HEADER = "# Sources never to be used again: a video id, an address, a path or a ref_id a line.\n"


def ref_id_of(text: str, folder: Path) -> str:
    """The ref_id that an entry stands for: itself, or that of an id, an address, a locator or a path.

    >>> ref_id_of("https://youtu.be/07U1fSrk9oI", Path("."))
    'cf6101fe369c5455'

    Args:
        text: What was written.
        folder: What a relative path is relative to.

    Raises:
        ValueError: An address that names no video.
    """
    if _HASH.fullmatch(text):
        return text
    try:
        return short_hash(locator(text, bare_ids=True))
    except ValueError:
        if "://" in text or text.startswith("youtube:"):
            raise
        return short_hash(file_locator(folder / text))


class Removals:
    """The list in ``DIR/removed.txt``; people may edit it by hand."""

    def __init__(self, path: Path) -> None:
        """Reads the list; there need not be one.

        Raises:
            ManifestError: An entry cannot be read; all such are named.
        """
        self.path = path
        self._ids: set[str] = set()
        faults = []
        try:
            lines = list(read_lines(path)) if path.exists() else []
        except OSError as error:
            raise StoreError(f"cannot read {path}: {error.strerror}") from None
        for number, text in lines:
            try:
                self._ids.add(ref_id_of(text, path.parent))
            except ValueError as fault:
                faults.append(f"{path}:{number}: {text!r} {fault}")
        if faults:
            raise ManifestError("\n".join(faults))

    def __contains__(self, ref: SourceRef | str) -> bool:
        """Whether a reference, or the hash of one, is on the list."""
        return (ref if isinstance(ref, str) else ref.ref_id) in self._ids

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, refs: Iterable[SourceRef]) -> int:
        """Puts references on the list, and returns how many were not on it yet.

        Raises:
            StoreError: The list cannot be written.
        """
        new = {ref.ref_id: ref for ref in refs if ref not in self}
        if not new:
            return 0
        old = self.path.read_bytes() if self.path.exists() else _HEADER.encode("ascii")
        if old and not old.endswith(b"\n"):
            old += b"\n"
        write_bytes(self.path, old + "".join(f"{_line(ref)}\n" for ref in new.values()).encode("ascii"))
        self._ids |= new.keys()
        return len(new)


def _line(ref: SourceRef) -> str:
    """The locator where a line can hold it, else the hash."""
    text = ref.locator
    return text if text.isascii() and text.isprintable() and " " not in text else ref.ref_id
