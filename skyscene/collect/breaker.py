"""A circuit breaker: a host that blocks us is left alone for the rest of the run."""

from __future__ import annotations

from threading import Lock
from urllib.parse import urlsplit

from skyscene.collect.failure import BLOCKS
from skyscene.errors import FetchError
from skyscene.records import SourceRef


def host_of(ref: SourceRef) -> str:
    """The host that a reference's requests go to.

    >>> host_of(SourceRef("youtube", "youtube:07U1fSrk9oI"))
    'youtube.com'
    """
    return "youtube.com" if ref.kind == "youtube" else urlsplit(ref.target).netloc.rpartition("@")[2]


class Breaker:
    """Counts blocking answers in a row, host by host; safe to share between threads."""

    def __init__(self, stop_after: int) -> None:
        """Starts closed.

        Args:
            stop_after: Blocking answers in a row after which a host is left alone; 0 for never.
        """
        self.stop_after = stop_after
        self._blocks: dict[str, int] = {}
        self._reason: dict[str, str] = {}
        self._lock = Lock()

    def check(self, ref: SourceRef) -> None:
        """Does nothing while the host may be asked.

        Raises:
            FetchError: It has blocked us too often; the code is "not-tried".
        """
        host = host_of(ref)
        with self._lock:
            blocks, reason = self._blocks.get(host, 0), self._reason.get(host, "")
        if self.stop_after and blocks >= self.stop_after:
            raise FetchError(
                "not-tried", f"{host} refused {blocks} times in a row ({reason}); the next run tries again"
            )

    def note(self, ref: SourceRef, code: str) -> None:
        """Takes in how an attempt ended; any answer but a block closes the breaker again."""
        host = host_of(ref)
        with self._lock:
            if code in BLOCKS:
                self._blocks[host] = self._blocks.get(host, 0) + 1
                self._reason[host] = code
            elif code != "network":  # an unreachable host has answered nothing
                self._blocks.pop(host, None)
