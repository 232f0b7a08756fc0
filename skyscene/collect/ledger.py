"""The ledger: one line for every attempt to fetch a source, never rewritten."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock

from skyscene.errors import StoreError
from skyscene.store.atomic import disk_message

Clock = Callable[[], datetime]
"""Tells the time, with its zone."""

NAME = "ledger.jsonl"
"""The file's name in a build folder."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One line of the ledger.

    Attributes:
        time: When it ended: UTC, ISO 8601.
        ref_id: What was fetched.
        locator: The same, readable.
        code: "ok", or why it failed.
        message: One line on that; empty where it went well.
        tool: Version of yt-dlp.
        format: Rendition that was taken.
        bytes: Size of the file.
        sha256: Hash of the file.
        next_try: Not to be tried again before this time; none for never, or where it went well.
    """

    time: str
    ref_id: str
    locator: str
    code: str
    message: str = ""
    tool: str | None = None
    format: str | None = None
    bytes: int | None = None
    sha256: str | None = None
    next_try: str | None = None


_FIELDS = frozenset(field.name for field in fields(Attempt))


class Ledger:
    """The attempts of all runs into one build folder."""

    def __init__(self, path: Path) -> None:
        """Reads what is there; a line torn by a kill is passed over.

        Raises:
            StoreError: The file cannot be read.
        """
        self.path = path
        self.torn = 0
        self._last: dict[str, Attempt] = {}
        self._failures: dict[str, int] = {}
        self._lock = Lock()
        for attempt in self._read():
            self._take(attempt)

    def add(self, attempt: Attempt) -> None:
        """Writes one line, complete or (on a kill) torn, after all others.

        Raises:
            StoreError: The file cannot be written.
        """
        line = (json.dumps(asdict(attempt)) + "\n").encode("ascii")
        with self._lock:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                with self.path.open("ab+") as file:
                    if file.tell() and not _ends_line(file.fileno()):
                        line = b"\n" + line
                    file.write(line)
                    file.flush()
                    os.fsync(file.fileno())
            except OSError as error:
                raise StoreError(disk_message(self.path, error)) from None
            self._take(attempt)

    def last(self, ref_id: str) -> Attempt | None:
        """The last attempt at a reference."""
        return self._last.get(ref_id)

    def failures(self, ref_id: str) -> int:
        """Failures in a row, up to the last attempt."""
        return self._failures.get(ref_id, 0)

    def due(self, ref_id: str, now: datetime) -> bool:
        """Whether a reference may be fetched: never tried, fetched before, or its wait is over."""
        last = self._last.get(ref_id)
        if last is None or last.code == "ok":
            return True
        return last.next_try is not None and datetime.fromisoformat(last.next_try) <= now

    def states(self) -> Iterator[Attempt]:
        """The last attempt at every reference, by reference."""
        return iter([self._last[ref_id] for ref_id in sorted(self._last)])

    def _take(self, attempt: Attempt) -> None:
        self._last[attempt.ref_id] = attempt
        failures = self._failures.get(attempt.ref_id, 0)
        self._failures[attempt.ref_id] = 0 if attempt.code == "ok" else failures + 1

    def _read(self) -> Iterator[Attempt]:
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return
        except OSError as error:
            raise StoreError(f"cannot read {self.path}: {error.strerror}") from None
        for line in filter(None, data.split(b"\n")):
            try:
                table = json.loads(line)
                attempt = Attempt(**{key: value for key, value in table.items() if key in _FIELDS})
                if attempt.next_try is not None:
                    datetime.fromisoformat(attempt.next_try)
            except (ValueError, TypeError, AttributeError):
                self.torn += 1
            else:
                yield attempt


def stamp(moment: datetime) -> str:
    """A time as the ledger has it.

    >>> stamp(datetime(2026, 5, 4, 3, 2, 1, 999, tzinfo=UTC))
    '2026-05-04T03:02:01+00:00'
    """
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def later(moment: datetime, seconds: float) -> str:
    """The stamp of a moment some seconds on."""
    return stamp(moment + timedelta(seconds=seconds))


def _ends_line(descriptor: int) -> bool:
    """Whether the file ends with a whole line."""
    end = os.lseek(descriptor, -1, os.SEEK_END)
    return os.pread(descriptor, 1, end) == b"\n"
