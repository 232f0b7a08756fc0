"""Canonical locators: one spelling for every way to name a video, so that its reference has one hash."""

from __future__ import annotations

import os
import re
from urllib.parse import SplitResult, parse_qs, urlsplit, urlunsplit

YOUTUBE_HOSTS = frozenset(
    {
        "youtube.com",
        "www.youtube.com",
        "m.youtube.com",
        "music.youtube.com",
        "gaming.youtube.com",
        "youtube-nocookie.com",
        "www.youtube-nocookie.com",
        "youtu.be",
        "www.youtu.be",
    }
)
"""Hosts whose addresses hold a video id."""

_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")
_ID_PATHS = frozenset({"shorts", "embed", "live", "v", "e", "watch"})
_LIST_PATHS = frozenset({"playlist", "channel", "c", "user", "results", "feed", "hashtag", "show"})
_DEFAULT_PORTS = {"http": 80, "https": 443}


def is_video_id(text: str) -> bool:
    """Whether the text is written as a YouTube id: eleven of A-Z a-z 0-9 _ and -.

    >>> is_video_id("07U1fSrk9oI"), is_video_id("07U1fSrk9o"), is_video_id("07U1fSrk9o!")
    (True, False, False)
    """
    return _ID.fullmatch(text) is not None


def is_url(text: str) -> bool:
    """Whether the text begins with http:// or https://, in any case."""
    return text[:8].lower().startswith(("http://", "https://"))


def file_locator(path: str | os.PathLike[str]) -> str:
    """``file:`` and the absolute path; links are not followed, so the name stays the user's.

    >>> file_locator("/data/sky/../sky/a.mp4")
    'file:/data/sky/a.mp4'
    """
    return "file:" + os.path.abspath(path)


def url_locator(url: str) -> str:
    """``youtube:ID`` for a video on YouTube, else ``url:`` and the address in one spelling.

    >>> url_locator("HTTPS://YouTu.be/07U1fSrk9oI?si=abc&t=3")
    'youtube:07U1fSrk9oI'
    >>> url_locator("HTTP://Example.COM/Sky.mp4#t=10")
    'url:http://example.com/Sky.mp4'

    Raises:
        ValueError: Not an address of one video; the message says why.
    """
    if any(character.isspace() or not character.isprintable() for character in url.replace(" ", "")):
        raise ValueError("has a control character in it")
    parts = urlsplit(url.replace(" ", "%20"))
    host, port = (parts.hostname or "").rstrip("."), parts.port
    if not host:
        raise ValueError("has no host")
    if host in YOUTUBE_HOSTS:
        return f"youtube:{_youtube_id(host, parts)}"
    scheme = parts.scheme.lower()
    user, at, _ = parts.netloc.rpartition("@")
    place = f"[{host}]" if ":" in host else host
    if port is not None and port != _DEFAULT_PORTS.get(scheme):
        place += f":{port}"
    return "url:" + urlunsplit((scheme, user + at + place, parts.path or "/", parts.query, ""))


def locator(text: str, *, bare_ids: bool) -> str:
    """The canonical locator of an address, a ``youtube:ID``, or (in manifests) a bare id.

    >>> locator("07U1fSrk9oI", bare_ids=True)
    'youtube:07U1fSrk9oI'

    Args:
        text: What was written.
        bare_ids: Whether eleven characters alone are an id.

    Raises:
        ValueError: None of these; the message says what would be right.
    """
    if bare_ids and is_video_id(text):
        return f"youtube:{text}"
    if is_url(text):
        return url_locator(text)
    if text.startswith("youtube:"):
        if is_video_id(text[8:]):
            return text
        raise ValueError("is not youtube: and eleven of A-Z a-z 0-9 _ -")
    if text.startswith("url:") and is_url(text[4:]):
        return url_locator(text[4:])
    if text.startswith("file:/"):
        return file_locator(text[5:])
    scheme = _SCHEME.match(text)
    if scheme and text[scheme.end() :].startswith("//"):
        raise ValueError(f"is a {scheme[1]} address; only http and https are read")
    raise ValueError("is neither a video id (eleven of A-Z a-z 0-9 _ -) nor an http(s) address")


def _youtube_id(host: str, parts: SplitResult) -> str:
    """The id in an address on one of `YOUTUBE_HOSTS`."""
    steps = [step for step in parts.path.split("/") if step]
    query = parse_qs(parts.query)
    found: str | None = None
    if host.endswith("youtu.be"):
        found = steps[0] if steps else None
    elif query.get("v"):
        found = query["v"][0]
    elif len(steps) >= 2 and steps[0] in _ID_PATHS and steps[1] != "videoseries":
        found = steps[1]
    if found is None:
        many = "list" in query or (steps and (steps[0] in _LIST_PATHS or steps[0].startswith("@")))
        raise ValueError(_expand(parts.geturl()) if many else "is no video's address on YouTube")
    if not is_video_id(found):
        raise ValueError(f"has the id {found!r}, which is not eleven of A-Z a-z 0-9 _ -")
    return found


def _expand(url: str) -> str:
    return (
        "is a playlist or a channel; expand it to a list of videos first: "
        f"yt-dlp --flat-playlist --print id '{url}' > ids.txt"
    )
