"""Downloads one video by yt-dlp, completely or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from pydantic import Field

from skyscene.collect.failure import BLOCKS
from skyscene.collect.landing import clear, land, landed, workplace
from skyscene.collect.transfer import Transfer
from skyscene.errors import FetchError, SkySceneError, StoreError
from skyscene.recipes import Component
from skyscene.records import Provenance, SourceRef, short_hash
from skyscene.store.atomic import disk_message

_SLACK = 1.5
"""Seconds that a duration may be off: sites give whole ones."""


class Probed(Protocol):
    """What a probe says of a video file."""

    @property
    def seconds(self) -> float | None:
        """Its duration, if it can be told."""
        ...


Probe = Callable[[Path], Probed]
"""Looks into a video file; raises a `SkySceneError` where it cannot be read."""

Progress = Callable[[int, int | None], None]
"""Called with the bytes that are there, and how many there will be if that is known."""


class YtDlp(Component):
    """Fetches by yt-dlp's Python API; ``[download]`` of a recipe holds its parameters.

    Attributes:
        max_height: Taller renditions are taken only where there is no other.
        codecs: Preferred codecs, best first.
        retries: Further tries of a request that failed.
        fragment_retries: The same for a fragment.
        extractor_retries: The same for a page that came back odd.
        file_access_retries: The same for a busy file.
        retry_sleep: Longest wait between two tries in seconds; waits are 1, 2, 4, ... up to it.
        socket_timeout: Seconds of silence after which a request has failed.
        sleep_requests: Seconds between two requests for a page.
        sleep_min: Shortest wait before a video in seconds.
        sleep_max: Longest wait before a video in seconds.
        rate_limit: Bytes a second; 0 for no limit.
        proxy: Address of a proxy; "" for what the environment says.
        cookies: A cookies.txt; "" for none.
        cookies_from_browser: ``BROWSER`` or ``BROWSER:PROFILE``; "" for none.
        max_megabytes: Larger files are refused; 0 for no limit.
        max_minutes: Longer videos are refused; 0 for no limit.
        max_transfer_minutes: A slower download is given up; 0 for no limit.
        duration_tolerance: Share by which a file may be shorter or longer than announced.
        stop_after_blocks: Blocking answers in a row after which a host is left alone; 0 for never.
        wait_minutes: Wait after a failure that may pass; doubles each time.
        wait_blocked_minutes: The same where the host blocked us.
        wait_max_hours: The longest such wait.
    """

    max_height: int = Field(gt=0)
    codecs: tuple[str, ...]
    retries: int = Field(ge=0)
    fragment_retries: int = Field(ge=0)
    extractor_retries: int = Field(ge=0)
    file_access_retries: int = Field(ge=0)
    retry_sleep: float = Field(ge=0)
    socket_timeout: float = Field(gt=0)
    sleep_requests: float = Field(ge=0)
    sleep_min: float = Field(ge=0)
    sleep_max: float = Field(ge=0)
    rate_limit: int = Field(ge=0)
    proxy: str
    cookies: str
    cookies_from_browser: str
    max_megabytes: float = Field(ge=0)
    max_minutes: float = Field(ge=0)
    max_transfer_minutes: float = Field(ge=0)
    duration_tolerance: float = Field(ge=0, lt=1)
    stop_after_blocks: int = Field(ge=0)
    wait_minutes: float = Field(ge=0)
    wait_blocked_minutes: float = Field(ge=0)
    wait_max_hours: float = Field(ge=0)

    def fetch(
        self, ref: SourceRef, folder: Path, probe: Probe | None = None, progress: Progress | None = None
    ) -> tuple[Path, Provenance]:
        """The video's file and what is known of it; an earlier complete download is not repeated.

        Args:
            ref: What to fetch; a file is taken where it lies.
            folder: Where downloads go: ``ID.mp4`` with ``ID.json`` beside it.
            probe: Looks into the file before it is accepted; without one its duration is not checked.
            progress: Told of the bytes as they come.

        Raises:
            FetchError: Not to be had; the code is one of `failure.CODES`.
            MissingExtraError: yt-dlp is not installed.
            StoreError: The disk is full or may not be written, which ends the run.
        """
        if ref.kind == "file":
            return _local(ref), Provenance()
        before = landed(ref, folder)
        if before is not None:
            return folder / before.file, before.provenance
        place = _make(ref, folder)
        transfer = Transfer(self, place, progress)
        part, info = transfer.run(ref)
        try:
            self._verify(part, info.get("duration"), probe)
            path = land(part, ref, folder, transfer.provenance(info))
        except FetchError:
            clear(place)
            raise
        except OSError as error:
            raise StoreError(disk_message(folder, error)) from None
        clear(place)
        return path, transfer.provenance(info)

    def wait_seconds(self, ref_id: str, code: str, failures: int) -> float:
        """Seconds to wait before the next try: doubled each time, and spread by the reference's hash.

        Args:
            ref_id: Whose turn it is; spreads the tries of many references over a half more time.
            code: How the last attempt failed.
            failures: Failures in a row, this one included; at least 1.
        """
        minutes = self.wait_blocked_minutes if code in BLOCKS else self.wait_minutes
        seconds = min(minutes * 60 * 2.0 ** min(failures - 1, 30), self.wait_max_hours * 3600)
        return seconds * (1 + int(short_hash(ref_id, failures, size=8), 16) / 2**33)

    def _verify(self, part: Path, announced: float | None, probe: Probe | None) -> None:
        """Nothing where the file is what was announced."""
        if probe is None:
            return
        try:
            seconds = probe(part).seconds
        except SkySceneError as error:
            why = getattr(error, "message", error)  # without the path, which is but a passing one
            raise FetchError("corrupt", f"what came is no video that can be read: {why}") from None
        if seconds is None or not announced:
            return
        slack = max(_SLACK, self.duration_tolerance * announced)
        if abs(seconds - announced) > slack:
            code = "truncated" if seconds < announced else "wrong-length"
            raise FetchError(code, f"{announced:.1f} s were announced, {seconds:.1f} s came")


def _local(ref: SourceRef) -> Path:
    path = Path(ref.target)
    if path.is_file():
        return path
    if path.is_dir():
        raise FetchError("not-a-file", "a folder, not a file")
    if path.exists():
        raise FetchError("not-a-file", "a pipe, device or socket, not a file")
    if path.is_symlink():
        raise FetchError("missing-file", f"a link to {os.readlink(path)!r}, where no file is")
    raise FetchError("missing-file", "no such file")


def _make(ref: SourceRef, folder: Path) -> Path:
    try:
        return workplace(ref, folder)
    except OSError as error:
        raise StoreError(disk_message(folder, error)) from None
