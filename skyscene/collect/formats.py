"""Which of the offered renditions of a video to take: one stream, H.264, not above the height asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from skyscene.errors import FetchError

Format = Mapping[str, Any]
"""One of yt-dlp's format entries: format_id, height, vcodec, acodec, fps, tbr, filesize, has_drm, ..."""

_CODECS = {
    "h264": ("avc", "h264", "x264"),
    "h265": ("hev", "hvc", "h265", "hevc"),
    "vp9": ("vp9", "vp09"),
    "vp8": ("vp8", "vp08"),
    "av1": ("av01", "av1"),
}


def choose_format(formats: Sequence[Format], *, max_height: int, codecs: Sequence[str]) -> Format:
    """The rendition to download: always one stream, so that nothing has to be merged.

    In this order: not taller than ``max_height``; by the order of ``codecs``; the tallest; without sound;
    the lower frame rate (a 60 fps rendition of a 30 fps video has no more pictures of the sky); the higher
    bit rate. Where all are taller, the least tall.

    >>> offered = [
    ...     {"format_id": "136", "vcodec": "avc1.4d401f", "acodec": "none", "height": 720},
    ...     {"format_id": "247", "vcodec": "vp9", "acodec": "none", "height": 720},
    ...     {"format_id": "137", "vcodec": "avc1.640028", "acodec": "none", "height": 1080},
    ... ]
    >>> choose_format(offered, max_height=720, codecs=["h264"])["format_id"]
    '136'

    Args:
        formats: What is offered, in yt-dlp's order (better ones later).
        max_height: In pixels.
        codecs: Preferred codecs, best first; others come after them.

    Raises:
        FetchError: Nothing usable: code "drm", or "format-missing" with what there was.
    """
    usable = [entry for entry in formats if _usable(entry)]
    if not usable:
        if formats and all(entry.get("has_drm") for entry in formats):
            raise FetchError("drm", "every rendition is protected by DRM")
        raise FetchError("format-missing", f"no rendition with a picture among {_names(formats)}")
    ranks = {name: index for index, name in enumerate(codecs)}

    def rank(place: int) -> tuple[float, ...]:
        entry = usable[place]
        # The smaller side, so that an upright 720x1280 counts as 720 lines.
        height = min(entry.get("height") or 0, entry.get("width") or 1 << 30)
        above = height > max_height
        return (
            above,
            height if above else 0,
            entry.get("preference") is not None and entry["preference"] < 0,
            ranks.get(codec_name(entry), len(ranks)),
            -height,
            entry.get("acodec") != "none",
            entry.get("fps") or 0,
            -(entry.get("tbr") or entry.get("vbr") or 0),
            -place,
        )

    return usable[min(range(len(usable)), key=rank)]


def codec_name(entry: Format) -> str:
    """A codec's common name for the four letters (or so) of a format entry.

    >>> codec_name({"vcodec": "avc1.4d401f"})
    'h264'
    """
    text = str(entry.get("vcodec") or "").lower()
    for name, prefixes in _CODECS.items():
        if text.startswith(prefixes):
            return name
    return text or "unknown"


def is_upscaled(entry: Format) -> bool:
    """Whether pixels were invented: YouTube's "super resolution" renditions.

    >>> is_upscaled({"format_id": "136-sr"}), is_upscaled({"format_id": "136"})
    (True, False)
    """
    parts = str(entry.get("format_id") or "").lower().split("-")
    return "sr" in parts[1:] or "ai-upscaled" in str(entry.get("format_note") or "").lower()


def _usable(entry: Format) -> bool:
    return not (
        entry.get("vcodec") == "none"
        or entry.get("has_drm")
        or entry.get("ext") == "mhtml"
        or entry.get("protocol") == "mhtml"
        or is_upscaled(entry)
    )


def _names(formats: Sequence[Format]) -> str:
    names = [str(entry.get("format_id")) for entry in formats[:8]]
    return ", ".join(names) if names else "none"
