"""Fetching with a memory: removals, what is there already, waits, blocks, and a line in the ledger."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from skyscene.collect import ledger as book
from skyscene.collect.breaker import Breaker
from skyscene.collect.failure import is_transient
from skyscene.collect.fetch import Probe, Progress, YtDlp
from skyscene.collect.landing import landed
from skyscene.collect.ledger import Attempt, Clock, Ledger
from skyscene.collect.removals import NAME as REMOVED
from skyscene.collect.removals import Removals
from skyscene.collect.transfer import version
from skyscene.errors import FetchError, StoreError
from skyscene.records import Provenance, SourceRef


def utc_now() -> datetime:
    """The time by the machine's clock."""
    return datetime.now(UTC)


class Collector:
    """A `Fetcher` for one run into one build folder. Not to be shared between processes.

    Attributes:
        removals: What must not be used.
        ledger: What was tried.
        breaker: Which hosts are left alone in this run.
    """

    def __init__(
        self,
        settings: YtDlp,
        home: Path,
        *,
        probe: Probe | None = None,
        progress: Progress | None = None,
        now: Clock = utc_now,
        again: bool = False,
    ) -> None:
        """Reads the folder's ledger and removals.

        Args:
            settings: The recipe's downloader.
            home: The build folder: holds ``ledger.jsonl`` and ``removed.txt``.
            probe: Looks into a file before it is accepted.
            progress: Told of the bytes as they come.
            now: The clock.
            again: Whether to try also what failed for good, or has to wait.
        """
        self.settings, self.probe, self.progress, self.now, self.again = settings, probe, progress, now, again
        self.removals = Removals(home / REMOVED)
        self.ledger = Ledger(home / book.NAME)
        self.breaker = Breaker(settings.stop_after_blocks)

    def fetch(self, ref: SourceRef, folder: Path) -> tuple[Path, Provenance]:
        """The file of a reference; asks the network only where it must and may.

        A refusal without an attempt leaves no line in the ledger, and says what the last attempt said.

        Raises:
            FetchError: Not to be had; code "removed" or "not-tried" where it was not even tried.
            MissingExtraError: yt-dlp is not installed.
        """
        if ref in self.removals:
            raise FetchError("removed", f"on the list {REMOVED}")
        if ref.kind == "file" or landed(ref, folder) is not None:
            return self.settings.fetch(ref, folder)
        last = self.ledger.last(ref.ref_id)
        if last is not None and not self.again and not self.ledger.due(ref.ref_id, self.now()):
            raise FetchError(last.code, last.message)
        self.breaker.check(ref)
        try:
            found = self.settings.fetch(ref, folder, self.probe, self.progress)
        except FetchError as error:
            self._failed(ref, error)
            raise
        self._fetched(ref, folder)
        return found

    def _failed(self, ref: SourceRef, error: FetchError) -> None:
        self.breaker.note(ref, error.code)
        moment, next_try = self.now(), None
        if is_transient(error.code):
            failures = self.ledger.failures(ref.ref_id) + 1
            next_try = book.later(moment, self.settings.wait_seconds(ref.ref_id, error.code, failures))
        self.ledger.add(
            Attempt(
                book.stamp(moment),
                ref.ref_id,
                ref.locator,
                error.code,
                error.message,
                tool=version(),
                next_try=next_try,
            )
        )

    def _fetched(self, ref: SourceRef, folder: Path) -> None:
        self.breaker.note(ref, "ok")
        found = landed(ref, folder)
        if found is None:
            raise StoreError(f"the download of {ref.locator} vanished from {folder}; is it shared?")
        self.ledger.add(
            Attempt(
                book.stamp(self.now()),
                ref.ref_id,
                ref.locator,
                "ok",
                tool=version(),
                format=found.provenance.format,
                bytes=found.bytes,
                sha256=found.sha256,
            )
        )
