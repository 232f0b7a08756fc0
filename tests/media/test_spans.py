"""Spans read again are the frames of the first decode, however they are reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from skyscene.errors import MediaError
from skyscene.media import Decoder, MediaLimits, Scaler, Size, Spans, clip_size, spans
from skyscene.media.picture import Planes
from skyscene.records import Frames, Interval

COUNT = 300
SPANS = [Interval(3, 11), Interval(60, 68), Interval(70, 78), Interval(181, 189), Interval(290, 298)]


def decoded(path: Path, limits: MediaLimits) -> tuple[Frames, list[Planes], Scaler]:
    """What the first decode yields: columns, and the scaled frames."""
    pts, hashes, gaps, planes = [], [], [], []
    with Decoder(path, limits) as decoder:
        for frame in decoder:
            if frame.index == 0:
                facts = decoder.facts()
                size = clip_size(Size(facts.width, facts.height), 160)
                scale = Scaler(size, facts.rotation, "bicubic")
            pts.append(frame.pts)
            hashes.append(frame.luma_hash())
            gaps.append(frame.gap)
            planes.append(scale(frame.picture))
    columns = np.array(pts, np.int64), np.array(hashes, np.uint64), np.array(gaps, np.bool_)
    return Frames(*columns, {}, {}, 25.0, 1, 1), planes, scale


def same(got: list[Planes], planes: list[Planes], span: Interval) -> bool:
    wanted = planes[span.start : span.stop]
    return len(got) == len(wanted) and all(map(np.array_equal, got, wanted))


def film(path: Path, frames: Iterator[np.ndarray], **options: str) -> Path:
    """A film with a keyframe every 24 frames and B-frames."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(25))
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        stream.codec_context.options = {"g": "24", "bf": "3", "preset": "veryfast", **options}
        for rgb in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(rgb, format="rgb24")))
        container.mux(stream.encode(None))
    return path


@pytest.fixture(autouse=True)
def far(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every span that can be is sought."""
    monkeypatch.setattr(spans, "NEAR", 8)


@pytest.fixture(scope="module")
def frames(frames_of_sky: Callable[..., Iterator[np.ndarray]]) -> list[np.ndarray]:
    return list(frames_of_sky(COUNT, width=96, height=64))


KINDS = {
    "closed": ("mp4", {}),
    "open": ("mkv", {"x264-params": "open-gop=1"}),
    "intra-refresh": ("mp4", {"x264-params": "intra-refresh=1:bframes=0"}),
    "stream": ("ts", {}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_spans_are_the_frames_of_the_first_decode(
    kind: str, frames: list[np.ndarray], limits: MediaLimits, tmp_path: Path
) -> None:
    suffix, options = KINDS[kind]
    path = film(tmp_path / f"film.{suffix}", iter(frames), **options)
    columns, planes, scale = decoded(path, limits)
    with Spans(path, limits, columns, scale) as reader:
        assert all(same(reader.read(span), planes, span) for span in SPANS)
    if kind in ("closed", "open"):
        assert reader.decoded < 200


def wrong(columns: Frames, **changes: object) -> Frames:
    return replace(columns, **changes)  # type: ignore[arg-type]


def test_what_cannot_be_proven_is_counted_from_the_start(
    frames: list[np.ndarray], limits: MediaLimits, tmp_path: Path
) -> None:
    path = film(tmp_path / "film.mp4", iter(frames))
    columns, planes, scale = decoded(path, limits)
    span = Interval(181, 189)
    # A frame between the keyframe at 168 and the span is not what it was: the decoder may lack something.
    hashes = columns.luma_hash.copy()
    hashes[170] ^= np.uint64(1)
    doubtful = wrong(columns, luma_hash=hashes)
    shifted = wrong(columns, pts=columns.pts + 1)
    unordered = wrong(columns, pts=columns.pts[::-1].copy())
    damaged = wrong(columns, gap=np.arange(COUNT) == 5)
    for other in (doubtful, shifted, unordered, damaged):
        with Spans(path, limits, other, scale) as reader:
            assert same(reader.read(span), planes, span)
            assert reader.decoded >= 189
    with Spans(path, limits, columns, scale) as reader:
        assert same(reader.read(span), planes, span) and reader.decoded < 60


def test_a_frame_that_is_not_what_it_was_is_an_error(
    frames: list[np.ndarray], limits: MediaLimits, tmp_path: Path
) -> None:
    path = film(tmp_path / "film.mp4", iter(frames))
    columns, _, scale = decoded(path, limits)
    hashes = columns.luma_hash.copy()
    hashes[185] ^= np.uint64(1)
    with (
        Spans(path, limits, wrong(columns, luma_hash=hashes), scale) as reader,
        pytest.raises(MediaError, match="does not give the frames it gave before"),
    ):
        reader.read(Interval(181, 189))
    shorter = film(tmp_path / "shorter.mp4", iter(frames[:185]))
    with Spans(shorter, limits, columns, scale) as reader, pytest.raises(MediaError):
        reader.read(Interval(181, 189))


def test_held_frames_are_told_apart_by_their_time(
    frames: list[np.ndarray], limits: MediaLimits, tmp_path: Path
) -> None:
    held = [frames[index // 3] for index in range(COUNT)]
    path = film(tmp_path / "held.mp4", iter(held), qp="0")
    columns, planes, scale = decoded(path, limits)
    assert len(set(columns.luma_hash.tolist())) <= COUNT // 3 + 1
    with Spans(path, limits, columns, scale) as reader:
        assert all(same(reader.read(span), planes, span) for span in SPANS)
        assert reader.decoded < 200


@pytest.mark.footage
@pytest.mark.parametrize(
    "name",
    [
        "odd/mediabunny_frames.webm",
        "odd/torchcodec_av1_video.mkv",
        "odd/made_truncated_mo_clouds.mp4",
        "odd/made_interlaced_te_clouds.mpg",
        "reels/desert_aerial_reel.mp4",
    ],
)
def test_real_files_too(name: str, footage: Path, limits: MediaLimits) -> None:
    columns, planes, scale = decoded(footage / name, limits)
    places = range(20, len(columns) - 8, 37)
    with Spans(footage / name, limits, columns, scale) as reader:
        for start in places:
            span = Interval(start, start + 8)
            assert same(reader.read(span), planes, span)
