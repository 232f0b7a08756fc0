"""The files of sources that were hashed before: those still there, and those fetched once more."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from skyscene.builder.acquire import file_hash, stamp_of
from skyscene.collect import Collector
from skyscene.collect.landing import discard, landed
from skyscene.errors import FetchError, StoreError
from skyscene.records import Source
from skyscene.store import BuildFolder, read_ref, write_ref


@dataclass(frozen=True, slots=True)
class AtHand:
    """What was found of some sources.

    Attributes:
        paths: source_id to a file with its bytes.
        absent: source_id to why there is none, and what to do.
    """

    paths: Mapping[str, Path] = field(default_factory=dict)
    absent: Mapping[str, str] = field(default_factory=dict)


def look_for(
    folder: BuildFolder,
    wanted: Mapping[str, Sequence[Source]],
    collector: Collector | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> AtHand:
    """The files of sources, by any of the references that once led to their bytes.

    Args:
        folder: The build folder; locked where something is fetched.
        wanted: source_id to the references with its bytes.
        collector: Fetches what is not there; by default nothing is fetched and nothing written.
        tell: Told of every reference that is fetched.

    Raises:
        StoreError: The disk is full or may not be written.
        MissingExtraError: yt-dlp is needed and not installed.
    """
    paths: dict[str, Path] = {}
    absent: dict[str, str] = {}
    for source_id, sources in sorted(wanted.items()):
        reasons = []
        for source in sources:
            path, reason = _there(folder, source)
            if path is None and collector is not None:
                tell(source.ref.target)
                path, reason = _fetched(folder, source, collector, reason)
            if path is not None:
                paths[source_id] = path
                break
            reasons.append(reason)
        else:
            absent[source_id] = "; ".join(dict.fromkeys(reasons))
    return AtHand(paths, absent)


def _there(folder: BuildFolder, source: Source) -> tuple[Path | None, str]:
    """The file that the reference led to, if it still has the same bytes; else why not."""
    path = Path(source.path or "")
    earlier = read_ref(folder, source.ref.ref_id)
    now = stamp_of(path) if source.path else None
    if now is None or not path.is_file():
        cure = "give --fetch" if source.ref.kind != "file" else "bring it back"
        return None, f"{path if source.path else source.ref.target} is not there: {cure}"
    if earlier and earlier[1] == now:
        return path, ""
    try:
        same = file_hash(path) == source.sha256
    except FetchError as error:
        return None, error.message
    return (path, "") if same else (None, f"{path} has other bytes than when it was built")


def _fetched(
    folder: BuildFolder, source: Source, collector: Collector, reason: str
) -> tuple[Path | None, str]:
    """The file fetched again, if it has the same bytes; one with others is not kept."""
    if source.ref.kind == "file":
        return None, reason
    was_there = landed(source.ref, folder.media)
    try:
        path, _ = collector.fetch(source.ref, folder.media)
        same = file_hash(path) == source.sha256
    except FetchError as error:
        if error.code == "disk":
            raise StoreError(error.message) from None
        return None, f"{error.code}: {error.message}"
    if not same:
        if was_there is None:
            discard(source.ref, folder.media)
        return None, f"{source.ref.target} now has other bytes than when it was built"
    write_ref(folder, replace(source, path=str(path)), stamp_of(path))
    return path, ""
