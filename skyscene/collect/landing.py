"""Where a download comes to rest: the video, and beside it a small file that says what it is."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from skyscene.collect.sources import VIDEO_SUFFIXES
from skyscene.records import Provenance, SourceRef
from skyscene.store.atomic import write_json


@dataclass(frozen=True, slots=True)
class Landed:
    """A complete download, as its side file ``NAME.json`` has it.

    Attributes:
        locator: What was asked for.
        file: Name of the video beside the side file.
        bytes: Its size.
        sha256: Hash of its bytes.
        provenance: What the site says of it.
    """

    locator: str
    file: str
    bytes: int
    sha256: str
    provenance: Provenance


def stem(ref: SourceRef) -> str:
    """The file name without suffix: the video id, else the reference's hash.

    >>> stem(SourceRef("youtube", "youtube:07U1fSrk9oI"))
    '07U1fSrk9oI'
    """
    return ref.target if ref.kind == "youtube" else ref.ref_id


def landed(ref: SourceRef, folder: Path) -> Landed | None:
    """What an earlier run left complete; none where there is nothing, or not what its side file says."""
    try:
        table = json.loads((folder / f"{stem(ref)}.json").read_bytes())
        found = Landed(**{**table, "provenance": Provenance(**table["provenance"])})
        size = (folder / found.file).stat().st_size
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return found if found.locator == ref.locator and found.bytes == size else None


def land(part: Path, ref: SourceRef, folder: Path, provenance: Provenance) -> Path:
    """The video in its place. The side file is written last: without it there is no download."""
    suffix = part.suffix.lower() if part.suffix.lower() in VIDEO_SUFFIXES else ".mp4"
    target = folder / f"{stem(ref)}{suffix}"
    side = folder / f"{stem(ref)}.json"
    side.unlink(missing_ok=True)
    with part.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    os.replace(part, target)
    table = asdict(Landed(ref.locator, target.name, target.stat().st_size, digest, provenance))
    write_json(side, table)
    return target


def discard(ref: SourceRef, folder: Path) -> None:
    """Takes a complete download away again."""
    found = landed(ref, folder)
    (folder / f"{stem(ref)}.json").unlink(missing_ok=True)
    if found:
        (folder / found.file).unlink(missing_ok=True)


def workplace(ref: SourceRef, folder: Path) -> Path:
    """The folder for one reference's unfinished files; what cannot be continued safely is thrown out.

    A plain partial file is a true beginning of the video. One made of fragments may hold a fragment twice
    if the process was killed between the fragment and the note of it.
    """
    place = folder / ".partial" / stem(ref)
    if place.is_dir() and any(".ytdl" in path.name or "-Frag" in path.name for path in place.iterdir()):
        shutil.rmtree(place)
    place.mkdir(parents=True, exist_ok=True)
    return place


def clear(place: Path) -> None:
    """Removes a workplace with all that is in it."""
    shutil.rmtree(place, ignore_errors=True)
