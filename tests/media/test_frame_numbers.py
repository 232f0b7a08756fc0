"""Frame k is the k-th decoded frame, whatever a file's time stamps, edits and references; by two decoders."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from skyscene.media import SecondDecoder
from tests.media.material import (
    HEIGHT,
    LIMITS,
    WIDTH,
    Packet,
    decode,
    ffmpeg,
    first_hashes,
    mux,
    pictures,
    second_hashes,
    with_edits,
    x264,
)


@pytest.fixture(scope="module")
def packets() -> list[Packet]:
    return x264()


@pytest.fixture(scope="module")
def plain(packets: list[Packet], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return mux(tmp_path_factory.mktemp("plain") / "plain.mp4", packets)


@pytest.fixture(scope="module")
def clean(plain: Path) -> list[int]:
    hashes = first_hashes(plain)
    assert len(set(hashes)) == 96, "no frame is like another"
    return hashes


def agree(path: Path) -> list[int]:
    """The hashes, after all decoders gave the same."""
    hashes = first_hashes(path)
    assert second_hashes(path) == hashes
    with SecondDecoder(path, LIMITS) as decoder:
        assert [decoded.luma_hash() for decoded in decoder] == hashes
    return hashes


def uneven(pts: int) -> int:
    return pts * 512 + pts * pts * 37 % 211


def dropped(pts: int) -> int:
    return pts * 512 + pts // 7 * 1024


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
@pytest.mark.parametrize("stamp", [uneven, dropped])
def test_a_variable_rate_adds_and_drops_no_frame(
    packets: list[Packet], clean: list[int], tmp_path: Path, suffix: str, stamp: Callable[[int], int]
) -> None:
    assert agree(mux(tmp_path / f"vfr.{suffix}", packets, stamp)) == clean


@pytest.mark.parametrize(
    "params", ["bframes=0", "bframes=8:b-adapt=0", "b-pyramid=normal:ref=6", "weightp=2"]
)
def test_frames_come_in_the_order_they_are_shown(tmp_path: Path, params: str) -> None:
    path = mux(tmp_path / "order.mp4", x264(params))
    hashes = agree(path)
    frames, facts = decode(path)
    assert [pts for pts, _, _ in frames] == [512 * k for k in range(96)]
    assert len(set(hashes)) == 96 and facts.bad_packets == 0
    assert not any(gap for _, _, gap in frames)


def test_an_edit_that_begins_inside_a_group_of_pictures(
    plain: Path, clean: list[int], tmp_path: Path
) -> None:
    ffmpeg("-ss", "1.5", "-i", plain, "-c", "copy", tmp_path / "trimmed.mp4")
    hashes = agree(tmp_path / "trimmed.mp4")
    # 1.5 s at 25 frames a second; what is decoded only to build frame 38 is no frame of the file.
    assert hashes == clean[38:]


def test_an_empty_edit_shifts_the_time_and_no_frame(plain: Path, clean: list[int], tmp_path: Path) -> None:
    ffmpeg("-itsoffset", "2", "-i", plain, "-c", "copy", tmp_path / "late.mp4")
    assert agree(tmp_path / "late.mp4") == clean
    frames, _ = decode(tmp_path / "late.mp4")
    assert frames[0][0] == 2 * 12800


@pytest.mark.parametrize(
    ("edits", "kept"),
    [
        ([(1000, 1024), (800, 30000)], [*range(25), *range(57, 77)]),
        ([(500, 20000), (500, 1024)], [*range(38, 50), *range(13)]),
        ([(500, -1), (1000, 9000)], [*range(16, 41)]),
    ],
    ids=["two", "the-later-first", "empty-and-inside"],
)
def test_several_edits_are_followed(
    packets: list[Packet], clean: list[int], tmp_path: Path, edits: list[tuple[int, int]], kept: list[int]
) -> None:
    path = mux(tmp_path / "edits.mp4", packets)
    with_edits(path, edits)
    assert agree(path) == [clean[k] for k in kept]


def test_negative_time_stamps(packets: list[Packet], clean: list[int], tmp_path: Path) -> None:
    def early(pts: int) -> int:
        return pts * 512 - 2 * 12800

    stays = {"avoid_negative_ts": "disabled"}
    transport = mux(tmp_path / "negative.ts", packets, early, **stays)
    assert agree(transport) == clean
    assert decode(transport)[0][0][0] == -2 * 90000
    assert agree(mux(tmp_path / "negative.mkv", packets, early, **stays)) == clean
    # In mp4 an edit list leaves out what lies before zero.
    assert agree(mux(tmp_path / "negative.mp4", packets, early, **stays)) == clean[50:]


def test_time_stamps_in_storage_order_only(packets: list[Packet], clean: list[int], tmp_path: Path) -> None:
    # AVI has no others: with B-frames they jump to and fro.
    path = mux(tmp_path / "film.avi", packets)
    stamps = [pts for pts, *_ in decode(path)[0]]
    assert agree(path) == clean and stamps != sorted(stamps)


def test_time_stamps_in_no_order(tmp_path: Path) -> None:
    packets = x264("bframes=0", count=60)
    path = mux(
        tmp_path / "jumbled.mkv", [Packet(p.data, (p.pts * 7) % 60, p.dts - 60, p.key) for p in packets]
    )
    frames, facts = decode(path)
    assert [hash_ for _, hash_, _ in frames] == first_hashes(mux(tmp_path / "plain.mkv", packets))
    assert agree(path) == [hash_ for _, hash_, _ in frames]
    assert facts.frames == 60 and [pts for pts, _, _ in frames] != sorted(pts for pts, _, _ in frames)


def test_no_time_stamps_at_all(packets: list[Packet], clean: list[int], tmp_path: Path) -> None:
    (tmp_path / "bare.h264").write_bytes(b"".join(packet.data for packet in packets))
    assert agree(tmp_path / "bare.h264") == clean


def test_open_groups_of_pictures(tmp_path: Path) -> None:
    packets = x264("open-gop=1")
    starts = [at for at, packet in enumerate(packets) if packet.key]
    leading = packets[starts[1] + 1]
    assert leading.pts < packets[starts[1]].pts, "the group must begin with pictures shown before its key"
    whole = agree(mux(tmp_path / "open.mp4", packets))
    assert len(set(whole)) == 96
    frames, _ = decode(tmp_path / "open.mp4")
    assert not any(gap for _, _, gap in frames)
    # Cut there, those pictures lack what they are predicted from, and are no frames.
    late = mux(tmp_path / "late.mkv", packets[starts[1] :])
    frames, _ = decode(late)
    assert [hash_ for _, hash_, _ in frames] == agree(late) == whole[packets[starts[1]].pts :]
    assert not any(gap for _, _, gap in frames)


@pytest.mark.parametrize("words", [("-c:v", "mpeg2video", "-q:v", "4"), ("-c:v", "libx264", "-qp", "20")])
def test_interlaced_frames_count_as_frames(plain: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    path = tmp_path / "interlaced.ts"
    ffmpeg("-i", plain, "-vf", "setfield=tff", "-flags", "+ilme+ildct", *words, path)
    assert len(agree(path)) == 96
    with av.open(str(path)) as container:
        assert next(container.decode(video=0)).interlaced_frame


@pytest.mark.parametrize(
    ("width", "height", "pixels", "codec"),
    [
        (321, 181, "yuv420p", "ffv1"),
        (161, 97, "yuv444p", "libx264"),
        (160, 97, "yuv422p", "libx264"),
        (160, 96, "yuv420p10le", "libx264"),
        (160, 96, "yuv422p10le", "ffv1"),
        (160, 96, "gray", "ffv1"),
        (160, 96, "gray10le", "ffv1"),
        (160, 96, "gbrp", "libx264rgb"),
        (160, 96, "rgb24", "png"),
        (160, 96, "pal8", "png"),
        (160, 96, "nv12", "rawvideo"),
        (160, 96, "yuyv422", "rawvideo"),
    ],
)
def test_the_second_decoder_gives_every_kind_of_pixel_as_it_is(
    tmp_path: Path, width: int, height: int, pixels: str, codec: str
) -> None:
    raw = np.stack(pictures(12, width, height)).tobytes()
    (tmp_path / "raw").write_bytes(raw)
    source = ("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-i", tmp_path / "raw")
    filters = "split[a][b];[a]palettegen[p];[b][p]paletteuse" if pixels == "pal8" else "null"
    stored = "rgb24" if codec == "libx264rgb" else pixels
    path = tmp_path / ("film.avi" if codec == "rawvideo" else "film.mov" if codec == "png" else "film.mkv")
    ffmpeg(*source, "-vf", filters, "-c:v", codec, "-pix_fmt", stored, path)
    hashes = first_hashes(path)
    _, facts = decode(path)
    assert len(set(hashes)) == 12 and facts.pix_fmt == pixels
    with SecondDecoder(path, LIMITS) as decoder:
        assert [decoded.luma_hash() for decoded in decoder] == hashes


def test_the_second_decoder_follows_a_change_of_size(tmp_path: Path) -> None:
    raw = b"".join(packet.data for packet in x264(count=24))
    turned = tmp_path / "turned.h264"
    (tmp_path / "one.h264").write_bytes(raw)
    ffmpeg("-i", tmp_path / "one.h264", "-vf", "transpose=1", "-c:v", "libx264", "-bf", "0", turned)
    (tmp_path / "both.h264").write_bytes(raw + turned.read_bytes() + raw)
    with SecondDecoder(tmp_path / "both.h264", LIMITS) as decoder:
        second = [(d.picture.width, d.picture.height, d.luma_hash()) for d in decoder]
    sizes = [(width, height) for width, height, _ in second]
    # As many bytes a frame, and yet another picture.
    assert sizes == [(WIDTH, HEIGHT)] * 24 + [(HEIGHT, WIDTH)] * 24 + [(WIDTH, HEIGHT)] * 24
    assert [hash_ for *_, hash_ in second] == first_hashes(tmp_path / "both.h264")
