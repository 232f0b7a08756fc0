"""What a name in a folder of predictions says: a form, a sample's number, or nothing that counts."""

from __future__ import annotations

import re

PICTURES = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg"}
FILES = {".npy": "npy", **dict.fromkeys((".mp4", ".mkv", ".webm", ".avi", ".mov", ".gif"), "video")}
"""Endings of files that hold a whole clip, to their form."""

_LITTER = re.compile(r"(?i)\..*|__macosx|thumbs\.db|desktop\.ini|readme.*|.*\.json")
_NUMBER = re.compile("[0-9]{1,6}")


def is_ignored(name: str) -> bool:
    """Whether a name is passed over in silence: hidden files, notes, and what systems leave behind.

    >>> [name for name in ("a.npy", ".DS_Store", "Thumbs.db", "README.md", "how.json") if is_ignored(name)]
    ['.DS_Store', 'Thumbs.db', 'README.md', 'how.json']
    """
    return _LITTER.fullmatch(name) is not None


def split_name(name: str) -> tuple[str, str]:
    """A file's stem, and its ending in small letters.

    >>> split_name("5f0c.NPY"), split_name("5f0c")
    (('5f0c', '.npy'), ('5f0c', ''))
    """
    stem, dot, ending = name.rpartition(".")
    return (stem, f".{ending.lower()}") if dot else (name, "")


def sample_number(stem: str) -> int | None:
    """The number of a sample; none if it is no number.

    >>> sample_number("0"), sample_number("007"), sample_number("first")
    (0, 7, None)
    """
    return int(stem) if _NUMBER.fullmatch(stem) else None
