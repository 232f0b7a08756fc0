"""Why a download failed: a short code and one clear line, read from yt-dlp's text."""

from __future__ import annotations

import re

_RULES: tuple[tuple[str, str], ...] = (
    # The first that matches counts. The walls come first, for they come dressed in other words.
    ("bot-wall", r"not a bot|captcha|blocked your ip|cloudflare anti-bot"),
    ("rate-limited", r"http error 429|too many requests|rate-?limited by|available, try again later"),
    ("drm", r"drm[ -]protected|drm protection|requires? drm"),
    ("members-only", r"members-only|join this channel|available to this channel's members|members on level"),
    ("premium", r"music premium|youtube premium|requires payment|only available for premium|premium members"),
    ("age-restricted", r"confirm your age|age[- ]restrict|inappropriate for some users"),
    (
        "private",
        r"private video|video is private|only available for registered users|log ?in (to|is) |login required",
    ),
    (
        "geo-blocked",
        r"in your country|from your location|geo[- ]?restrict|in your region|http error 451|your location",
    ),
    (
        "live",
        r"premieres in|live event will begin|is not currently live|live stream recording is not|is offline",
    ),
    ("truncated", r"(got error|unable to download video data): http error (404|410)"),  # the page was there
    (
        "gone",
        r"video (is )?(unavailable|not available|isn't available|no longer available)|has been removed|"
        r"removed by the uploader|account .*(terminated|closed)|no longer available|does not exist|"
        r"copyright (claim|grounds)|content isn.t available|http error (404|410)|video is not available",
    ),
    ("format-missing", r"requested format is not available|no video formats found|only images are available"),
    ("unsupported-url", r"unsupported url|is not a valid url|no video could be found|no suitable extractor"),
    (
        "truncated",
        r"content too short|downloaded \d+ bytes, expected|more expected|bytes read|"
        r"fragment \d+ not found|did not get any data blocks|"
        r"downloaded file is empty|incompleteread",
    ),
    (
        "disk",
        r"no space left|unable to (open for|write|rename|create)|read-only file|quota exceeded",
    ),
    (
        "network",
        r"timed out|timeout|name or service not known|name resolution|nodename nor servname|getaddrinfo|"
        r"connection (refused|reset|aborted)|remote end closed|network is unreachable|no route to host|ssl|"
        r"certificate|http error 5\d\d|unable to connect|proxy|eof occurred|broken pipe|transporterror|"
        r"failed to resolve|connection broken",
    ),
    ("forbidden", r"http error (401|403)"),
    ("network", r"http error|unable to download (webpage|api page|video data|json)|errno -?\d+"),
)

_PATTERNS = tuple((code, re.compile(pattern, re.IGNORECASE)) for code, pattern in _RULES)

_ADDRESS = re.compile(r"https?://\S+")
"""Left out of the search: an address may hold any of these words."""

TRANSIENT = frozenset(
    {
        "bot-wall",
        "rate-limited",
        "live",
        "format-missing",
        "truncated",
        "wrong-length",
        "corrupt",
        "network",
        "too-slow",
        "forbidden",
        "other",
    }
)
"""Codes after which a later try may go better; all others stay as they are."""

BLOCKS = frozenset({"bot-wall", "rate-limited"})
"""Codes that say the host wants no more requests from here for now."""

CODES = frozenset(
    ({code for code, _ in _RULES} - {"disk"})
    | TRANSIENT
    | {"too-long", "too-large", "playlist", "missing-file", "not-a-file", "not-tried", "removed", "ok"}
)
"""Every code that this room can give."""

_NOISE = (
    re.compile(r" at 0x[0-9a-fA-F]+"),
    re.compile(r"\x1b\[[0-9;]*m"),
    re.compile(r"^\s*ERROR:\s*"),
    re.compile(r"^\[[\w:+.-]+\]\s*"),
    re.compile(r"^Got error:\s*"),
    re.compile(r"[;.]?\s*please report this issue on .*$", re.IGNORECASE | re.DOTALL),
    re.compile(r"\s*\(caused by .*\)\s*$", re.DOTALL),
    re.compile(r"\.?\s*Use --cookies.*$", re.DOTALL),
    re.compile(r"\.?\s*See\s+https://github\.com/yt-dlp.*$", re.DOTALL),
    re.compile(r"\.?\s*(For more information, refer to|It is recommended to use `-t sleep`).*$", re.DOTALL),
    re.compile(r"\.?\s*Use --list-formats.*$", re.DOTALL),
    re.compile(r"\.?\s*Confirm you are on the latest version.*$", re.IGNORECASE | re.DOTALL),
)

_ADVICE = {
    "bot-wall": "wait, or give cookies in [download]",
    "rate-limited": "wait an hour, or sleep longer between requests in [download]",
    "age-restricted": "needs the cookies of a signed-in account",
}


def classify(message: str) -> str:
    """The code for one of yt-dlp's error texts; "other" where none fits.

    >>> classify("ERROR: [youtube] 07U1fSrk9oI: Private video. Sign in if you've been granted access")
    'private'
    >>> classify("unable to download video data: HTTP Error 429: Too Many Requests")
    'rate-limited'
    """
    text = _ADDRESS.sub("", message)
    for code, pattern in _PATTERNS:
        if pattern.search(text):
            return code
    return "other"


def is_transient(code: str) -> bool:
    """Whether a later try may go better.

    >>> is_transient("network"), is_transient("gone")
    (True, False)
    """
    return code in TRANSIENT


def plain(message: str, code: str) -> str:
    """One line without yt-dlp's preamble and boilerplate, with advice where there is some.

    >>> plain("ERROR: [generic] a: Unsupported URL: http://x/; please report this issue on  http...", "other")
    'a: Unsupported URL: http://x/'
    """
    text = message
    for noise in _NOISE:
        text = noise.sub("", text)
    text = " ".join(text.split()).rstrip(".;,") or "yt-dlp gave no reason"
    advice = _ADVICE.get(code)
    return f"{text} ({advice})" if advice else text
