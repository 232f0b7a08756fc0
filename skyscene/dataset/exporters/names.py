"""Names of files and folders that are safe on every system, made of what strangers wrote."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from urllib.parse import urlsplit

from skyscene.records import short_hash
from skyscene.store import BuildFolder, read_table

_LONGEST = 64
_ID = re.compile(r"[0-9A-Za-z_][0-9A-Za-z_-]{0,99}")
_YOUTUBE_ID = re.compile(r"[0-9A-Za-z_-]{11}")
_RESERVED = re.compile(r"(?i)con|prn|aux|nul|com[0-9]|lpt[0-9]")


def is_safe_id(text: str) -> bool:
    r"""Whether an id can be a file's name as it stands.

    >>> is_safe_id("5f0c9a"), is_safe_id("../5f0c9a"), is_safe_id("5f0c9a\n")
    (True, False, False)
    """
    return _ID.fullmatch(text) is not None and not _RESERVED.fullmatch(text)


def safe_name(text: str) -> str:
    """A name of letters, digits, "-" and "_" as near to ``text`` as can be, of at most 64 characters.

    A YouTube id stays as it is, even where it begins with "-", so that it can be looked up.

    >>> safe_name("-7RtQkd3vWY"), safe_name("../été à la mer.mp4"), safe_name("con"), safe_name("日本")
    ('-7RtQkd3vWY', 'ete_a_la_mer_mp4', '_con', 'video')
    """
    if _YOUTUBE_ID.fullmatch(text):
        return text
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    name = re.sub(r"[^0-9A-Za-z_-]+", "_", ascii_text).strip("-_")[:_LONGEST]
    if not name:
        return "video"
    return f"_{name}" if _RESERVED.fullmatch(name) else name


def unique_names(wanted: Mapping[str, str]) -> dict[str, str]:
    """A name of its own for every id, also where a file system takes "A" for "a".

    Args:
        wanted: Id to the name it would like; the ids are unique and safe.

    >>> unique_names({"5f0c9a12ff": "clouds", "77aa01bbff": "Clouds", "90ab": "dawn"})
    {'5f0c9a12ff': 'clouds-5f0c9a12', '77aa01bbff': 'Clouds-77aa01bb', '90ab': 'dawn'}
    """
    names = {item: safe_name(name) for item, name in sorted(wanted.items())}
    for length in (8, 16, 64):
        counts = Counter(name.casefold() for name in names.values())
        shared = [item for item, name in names.items() if counts[name.casefold()] > 1]
        for item in shared:
            suffix = item[:length] if length < 64 else short_hash(item, size=64)
            names[item] = f"{safe_name(wanted[item])}-{suffix}"
    return names


def video_names(folder: BuildFolder) -> dict[str, str]:
    """What each source is called by: its video id, else its file's name, made safe and unique.

    It is the same whichever of the folder's clips are exported.

    Raises:
        StoreError: The table of sources cannot be read.
    """
    columns = ["source_id", "duplicate_of", "video_id", "path", "url"]
    wanted: dict[str, str] = {}
    for row in read_table(folder.sources, "sources", columns).to_pylist():
        source_id = row["source_id"]
        if source_id and row["duplicate_of"] is None:
            file = row["path"] or urlsplit(row["url"] or "").path
            wanted[source_id] = row["video_id"] or _stem(file) or source_id
    return unique_names(wanted)


def _stem(path: str) -> str:
    name = re.split(r"[/\\]", path)[-1]
    return name.rpartition(".")[0] or name
