"""From a reference to bytes at hand: fetched if need be, hashed, noted."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from skyscene.errors import FetchError, StoreError
from skyscene.records import Fetcher, Source, SourceRef, Status
from skyscene.store import BuildFolder, FileStamp, read_ref, write_ref

SOURCE_ID_DIGITS = 16
"""A source_id is so many hexadecimal digits of the SHA-256 of the bytes."""

_STATUS: dict[str, Status] = {"missing-file": "missing", "gone": "missing", "removed": "removed"}


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes.

    Raises:
        FetchError: The file cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise FetchError("unreadable", f"cannot be read: {error.strerror or error}") from None


def stamp_of(path: Path) -> FileStamp | None:
    """Size and time of a file; none where it is gone."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return FileStamp(stat.st_size, stat.st_mtime_ns)


class Acquirer:
    """Brings references to bytes, one after the other, and notes each in the folder.

    Args:
        folder: The build folder, locked.
        fetcher: Brings a reference's file.
    """

    def __init__(self, folder: BuildFolder, fetcher: Fetcher) -> None:
        self._folder = folder
        self._fetcher = fetcher

    def acquire(self, ref: SourceRef) -> Source:
        """The reference with its bytes' hash, or with the reason why there are none.

        Raises:
            StoreError: The folder cannot be written.
        """
        earlier = read_ref(self._folder, ref.ref_id)
        if earlier:
            # What a manifest said of it once is not forgotten because it is now given without.
            old = earlier[0].ref
            ref = replace(
                ref,
                extras={**old.extras, **ref.extras},
                official_split=ref.official_split or old.official_split,
            )
        try:
            path, provenance = self._fetcher.fetch(ref, self._folder.media)
            stamp = stamp_of(path)
            if earlier and stamp and earlier[1] == stamp and earlier[0].path == str(path):
                return self._noted(replace(earlier[0], ref=ref), stamp)
            digest = file_hash(path)
        except FetchError as error:
            if error.code == "disk":
                raise StoreError(error.message) from None
            if earlier and earlier[0].source_id and error.code != "removed":
                # Its clips are cut already; that the file is not at hand now takes nothing away.
                return self._noted(replace(earlier[0], ref=ref), earlier[1])
            status = _STATUS.get(error.code, "failed")
            return self._noted(Source(ref, status, f"{error.code}: {error.message}"), None)
        return self._noted(
            Source(
                ref,
                "done",
                source_id=digest[:SOURCE_ID_DIGITS],
                path=str(path),
                sha256=digest,
                provenance=provenance,
            ),
            stamp,
        )

    def _noted(self, source: Source, stamp: FileStamp | None) -> Source:
        write_ref(self._folder, source, stamp)
        return source
