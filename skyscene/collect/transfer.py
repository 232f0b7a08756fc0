"""One conversation with yt-dlp: its options, its hooks, and its errors in our words."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from skyscene.collect.failure import classify, plain
from skyscene.collect.formats import choose_format
from skyscene.errors import FetchError, MissingExtraError, RecipeError, SkySceneError, StoreError
from skyscene.records import Provenance, SourceRef
from skyscene.store.atomic import disk_message

if TYPE_CHECKING:
    from skyscene.collect.fetch import Progress, YtDlp

Info = Mapping[str, Any]
"""yt-dlp's info dictionary of one video."""


class Messages:
    """yt-dlp's logger: keeps what it says, prints nothing."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def debug(self, message: str) -> None:
        """Keeps a line."""
        self.lines.append(message)

    info = warning = error = debug

    def find(self, words: str) -> bool:
        """Whether a line holds the words."""
        return any(words in line for line in self.lines)


class Transfer:
    """The download of one reference into a folder of its own."""

    def __init__(self, settings: YtDlp, place: Path, progress: Progress | None) -> None:
        self.settings, self.place, self.progress = settings, place, progress
        self.messages = Messages()
        self.started = time.monotonic()

    def run(self, ref: SourceRef) -> tuple[Path, Info]:
        """The complete file, still in the workplace, and yt-dlp's information on it.

        Raises:
            FetchError: Not to be had.
            MissingExtraError: yt-dlp is not installed.
            StoreError: The disk is full or may not be written.
        """
        yt_dlp = load()
        try:
            with yt_dlp.YoutubeDL(self.options()) as downloader, hanging_up(downloader):
                info = _single(downloader.extract_info(ref.url, download=True))
        except SkySceneError:
            raise
        except yt_dlp.utils.YoutubeDLError as error:
            raise self.failure(str(error)) from None
        except (ConnectionError, TimeoutError) as error:
            raise self.failure(f"connection broken: {error}") from None
        except OSError as error:
            raise StoreError(disk_message(self.place, error)) from None
        except Exception as error:  # an extractor that broke must not end a run of a thousand videos
            raise FetchError("other", f"yt-dlp broke down: {type(error).__name__}: {error}") from error
        wanted = (info or {}).get("requested_downloads") or [{}]
        path = Path(wanted[0].get("filepath") or self.place / "nothing")
        if info is None or not path.is_file():
            if self.messages.find("File is larger than max-filesize"):
                raise self.too_large()
            raise self.failure(next(reversed(self.messages.lines), "yt-dlp ended without a file"))
        return path, info

    def failure(self, message: str) -> FetchError | StoreError:
        """One of yt-dlp's errors in our words; trouble with the disk is no trouble with the source."""
        code = classify(message)
        if code == "disk":
            return StoreError(f"{plain(message, code)}; see to {self.place} and run the same command again")
        return FetchError(code, plain(message, code))

    def options(self) -> dict[str, Any]:
        """Parameters of ``yt_dlp.YoutubeDL``; all retries are given, for the API's own default is none."""
        of = self.settings
        place = str(self.place).replace("%", "%%")
        naps = ("http", "fragment", "extractor", "file_access")
        options: dict[str, Any] = {
            "format": self.select,
            "outtmpl": {"default": f"{place}/%(id).40B.%(format_id).40B.%(ext)s"},
            "restrictfilenames": True,
            "retries": of.retries,
            "fragment_retries": of.fragment_retries,
            "extractor_retries": of.extractor_retries,
            "file_access_retries": of.file_access_retries,
            "retry_sleep_functions": dict.fromkeys(naps, self.nap),
            "skip_unavailable_fragments": False,  # else a hole in the video is passed over in silence
            "socket_timeout": of.socket_timeout,
            "sleep_interval_requests": of.sleep_requests,
            "sleep_interval": of.sleep_min,
            "max_sleep_interval": max(of.sleep_min, of.sleep_max),
            "noplaylist": True,
            "playlist_items": "1:2",  # enough to see that there is more than one
            "continuedl": True,
            "overwrites": True,
            "updatetime": False,
            "fixup": "never",  # needs ffmpeg
            "hls_prefer_native": True,
            "quiet": True,
            "no_warnings": True,
            "noprogress": True,
            "color": "no_color",
            "logger": self.messages,
            "match_filter": self.admit,
            "progress_hooks": [self.watch],
        }
        if of.rate_limit:
            options["ratelimit"] = of.rate_limit
        if of.max_megabytes:
            options["max_filesize"] = int(of.max_megabytes * 1e6)
        if of.proxy:
            options["proxy"] = of.proxy
        return {**options, **self.cookies()}

    def cookies(self) -> dict[str, Any]:
        """The options for cookies, if there are any."""
        options: dict[str, Any] = {}
        if self.settings.cookies:
            path = Path(self.settings.cookies).expanduser()
            if not path.is_file():
                raise RecipeError(f"download.cookies = {self.settings.cookies!r}: no such file")
            options["cookiefile"] = str(path)
        if self.settings.cookies_from_browser:
            browser, _, profile = self.settings.cookies_from_browser.partition(":")
            options["cookiesfrombrowser"] = (browser, profile or None, None, None)
        return options

    def nap(self, n: int) -> float:
        """Seconds before try ``n + 2``."""
        return float(min(self.settings.retry_sleep, 2.0 ** min(n, 30)))

    def select(self, context: Mapping[str, Any]) -> Iterator[Any]:
        """yt-dlp's format selector: exactly one stream."""
        yield choose_format(
            context["formats"], max_height=self.settings.max_height, codecs=self.settings.codecs
        )

    def admit(self, info: Info, *, incomplete: Any = False) -> None:
        """yt-dlp's filter: refuses what is no single, finished video of a fit length."""
        if (info.get("n_entries") or 1) > 1:
            raise FetchError("playlist", "the page holds several videos; list them one by one")
        if info.get("live_status") in {"is_live", "is_upcoming", "post_live"} or info.get("is_live"):
            raise FetchError("live", "a live stream that has not ended")
        seconds, limit = info.get("duration"), self.settings.max_minutes
        if limit and seconds and seconds > limit * 60:
            raise FetchError("too-long", f"{seconds / 60:.0f} minutes; max_minutes is {limit:g}")

    def watch(self, state: Mapping[str, Any]) -> None:
        """yt-dlp's progress hook: passes the bytes on, and ends what is too large or too slow."""
        done, total = int(state.get("downloaded_bytes") or 0), state.get("total_bytes")
        megabytes, minutes = self.settings.max_megabytes, self.settings.max_transfer_minutes
        if megabytes and max(done, total or 0) > megabytes * 1e6:
            raise self.too_large()
        if minutes and time.monotonic() - self.started > minutes * 60:
            raise FetchError("too-slow", f"not here after max_transfer_minutes = {minutes:g}")
        if self.progress:
            self.progress(done, None if total is None else int(total))

    def too_large(self) -> FetchError:
        """The refusal of a large file."""
        return FetchError("too-large", f"more than max_megabytes = {self.settings.max_megabytes:g}")

    @staticmethod
    def provenance(info: Info) -> Provenance:
        """What a site says of a video; an id that is but a file's name on a server is none."""
        site, video = str(info.get("extractor_key") or ""), info.get("id")
        if site == "Generic" or video is None:
            name = None
        else:
            name = str(video) if site == "Youtube" else f"{site.lower()}:{video}"
        return Provenance(
            video_id=name,
            channel=info.get("channel") or info.get("uploader"),
            channel_id=info.get("channel_id") or info.get("uploader_id"),
            title=info.get("title"),
            upload_date=info.get("upload_date"),
            licence=info.get("license"),
            format=info.get("format_id"),
        )


def load() -> Any:
    """The module ``yt_dlp``, imported only now.

    Raises:
        MissingExtraError: It is not installed.
    """
    try:
        import yt_dlp
    except ImportError:
        raise MissingExtraError("yt-dlp", "youtube", "download from addresses") from None
    return yt_dlp


@contextmanager
def hanging_up(downloader: Any) -> Iterator[None]:
    """Closes the connections that yt-dlp leaves open after an error."""
    answers: WeakSet[Any] = WeakSet()
    ask = downloader.urlopen

    def remember(request: Any) -> Any:
        try:
            answer = ask(request)
        except Exception as error:
            if hasattr(error, "response"):
                answers.add(error.response)
            raise
        answers.add(answer)
        return answer

    downloader.urlopen = remember
    try:
        yield
    finally:
        for answer in list(answers):
            answer.close()


def version() -> str:
    """The version of yt-dlp, for the ledger."""
    return str(load().version.__version__)


def _single(info: Any) -> Any:
    """The one video of a page that yt-dlp took for a list."""
    entries = info.get("entries") if info else None
    if entries is None:
        return info
    found = [entry for entry in entries if entry]
    if len(found) != 1:
        raise FetchError("playlist", f"the page holds {len(found)} videos; list them one by one")
    return _single(found[0])
