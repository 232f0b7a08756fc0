"""A source: where a video was found (`SourceRef`) and what it turned out to be (`Source`)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

Kind = Literal["file", "url", "youtube"]
Status = Literal["done", "failed", "missing", "removed"]
_VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{11}")


def short_hash(*parts: object, size: int = 16) -> str:
    """The first ``size`` hexadecimal digits of the SHA-256 of the parts' text.

    >>> short_hash("youtube:07U1fSrk9oI")
    'cf6101fe369c5455'
    """
    text = "\x1f".join(str(part) for part in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:size]


@dataclass(frozen=True, slots=True)
class SourceRef:
    """Where a video is to be found; its identity is the canonical locator, not its bytes.

    Attributes:
        kind: What the locator names.
        locator: ``file:/abs/path``, ``url:https://...`` or ``youtube:ID``.
        extras: Further manifest columns, carried along untouched.
        official_split: The side a published manifest gives, if any.
    """

    kind: Kind
    locator: str
    extras: Mapping[str, str] = field(default_factory=dict)
    official_split: str | None = None

    @property
    def ref_id(self) -> str:
        """Hash of the locator: the key of `sources.parquet`."""
        return short_hash(self.locator)

    @property
    def target(self) -> str:
        """The path, URL or video id alone."""
        return self.locator.partition(":")[2]

    @property
    def video_id(self) -> str | None:
        """The YouTube id it is known by: its own, or a manifest's beside a path or address.

        >>> SourceRef("file", "file:/a.mp4", {"video_id": "07U1fSrk9oI"}).video_id
        '07U1fSrk9oI'
        """
        if self.kind == "youtube":
            return self.target
        named = (self.extras.get(column, "").strip() for column in ("video_id", "id"))
        return next((name for name in named if _VIDEO_ID.fullmatch(name)), None)

    @property
    def url(self) -> str | None:
        """What a downloader is given; none for a file."""
        if self.kind == "youtube":
            return f"https://www.youtube.com/watch?v={self.target}"
        return self.target if self.kind == "url" else None


@dataclass(frozen=True, slots=True)
class Provenance:
    """What is known of a download; the time and the tool's version are in the ledger."""

    video_id: str | None = None
    channel: str | None = None
    channel_id: str | None = None
    title: str | None = None
    upload_date: str | None = None
    licence: str | None = None
    format: str | None = None


@dataclass(frozen=True, slots=True)
class StreamFacts:
    """The picture of one source as a viewer sees it: after rotation, with square pixels.

    Attributes:
        frames: Frames of one tolerant decode.
        bad_packets: Packets that the decoder refused and frames it flagged as concealed.
        width: Display width in pixels.
        height: Display height in pixels.
        fps: Average frame rate, from the decoded time stamps.
        time_base: Seconds a tick of the time stamps.
        codec: Name of the video codec.
        pix_fmt: Pixel format as decoded.
        rotation: Degrees counter-clockwise that a player turns the picture.
        sample_aspect: Width over height of one stored pixel.
        colorspace: Matrix coefficients ("bt709", "smpte170m", "bt2020nc"), guessed by size where untagged.
        full_range: Whether luma spans 0..255 and not 16..235.
    """

    frames: int
    bad_packets: int
    width: int
    height: int
    fps: float
    time_base: Fraction
    codec: str
    pix_fmt: str
    rotation: int
    sample_aspect: Fraction
    colorspace: str
    full_range: bool


@dataclass(frozen=True, slots=True)
class Source:
    """One row of `sources.parquet`.

    Attributes:
        ref: Where it was found.
        status: done (its clips are decided), failed or missing (with a reason), removed.
        reason: ``code: message`` where the status is not done.
        source_id: Hash of the bytes; none where they were never at hand.
        duplicate_of: The smallest ref_id with the same bytes, which owns the clips; none for the owner.
        path: Where the file was given or downloaded to.
        sha256: Hash of the bytes, in full.
        facts: What was decoded; none where nothing could be.
        provenance: What is known of a download.
    """

    ref: SourceRef
    status: Status
    reason: str | None = None
    source_id: str | None = None
    duplicate_of: str | None = None
    path: str | None = None
    sha256: str | None = None
    facts: StreamFacts | None = None
    provenance: Provenance = Provenance()

    @property
    def video_id(self) -> str | None:
        """The id it was given under, else the one its download told."""
        return self.ref.video_id or self.provenance.video_id
