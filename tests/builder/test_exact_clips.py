"""From the source to the clip and the cache: colours, turned and stretched pictures, odd sizes, damage."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pyarrow.parquet as pq
import pytest

from skyscene.builder import build, verify
from skyscene.media.clip_reader import read_clip
from skyscene.store import BuildFolder, read_frames
from tests.media.material import decode, ffmpeg, mux, pictures, x264
from tests.media.test_damage import cut_off, drop, harmed, noise, reference

SHORT = ["windows.length=4", "windows.stride=4", "windows.margin=0"]
FLAT = [(255, 0, 0), (0, 255, 0), (30, 60, 200), (255, 255, 255), (0, 0, 0), (128, 128, 128)]
BLOCK = 64
MATRICES = {"bt470bg": 5, "smpte170m": 6, "bt709": 1, "bt2020nc": 9}
PIXELS = ("yuv420p", "yuv422p", "yuv444p", "yuv420p10le", "yuv444p10le")

Rows = list[dict[str, Any]]


def rows(folder: Path, table: str) -> Rows:
    return pq.read_table(folder / f"{table}.parquet").to_pylist()


def patches() -> np.ndarray:
    """The flat colours side by side."""
    return np.concatenate([np.full((BLOCK, BLOCK, 3), rgb, np.uint8) for rgb in FLAT], axis=1)


def write_flat(path: Path, matrix: str, full: bool, pixels: str) -> None:
    """A lossless film of them."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=25)
        stream.height, stream.width = patches().shape[:2]
        stream.pix_fmt = pixels
        context = stream.codec_context
        context.colorspace, context.color_range = MATRICES[matrix], 2 if full else 1
        for k in range(6):
            frame = av.VideoFrame.from_ndarray(patches(), format="rgb24").reformat(
                format=pixels,
                dst_colorspace={5: 5, 6: 5}.get(MATRICES[matrix], MATRICES[matrix]),
                src_color_range=2,
                dst_color_range=2 if full else 1,
            )
            frame.colorspace, frame.color_range = MATRICES[matrix], 2 if full else 1
            frame.pts, frame.time_base = k, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


@pytest.fixture(scope="module")
def colours(plain: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One build of flat films in every matrix, range and kind of pixel."""
    films = tmp_path_factory.mktemp("flat")
    for matrix in MATRICES:
        for full in (False, True):
            for pixels in PIXELS:
                write_flat(
                    films / f"{matrix}-{'full' if full else 'limited'}-{pixels}.mkv", matrix, full, pixels
                )
    build(films, films / "set", recipe=plain, set=[*SHORT, "cache.size=[96,16]"], workers=2)
    return films / "set"


def middles(picture: np.ndarray) -> np.ndarray:
    """The colour in the middle of each patch."""
    height, width = picture.shape[:2]
    at = [(2 * k + 1) * width // (2 * len(FLAT)) for k in range(len(FLAT))]
    return picture[height // 2, at].astype(int)


@pytest.mark.parametrize("pixels", PIXELS)
@pytest.mark.parametrize("span", ["limited", "full"])
@pytest.mark.parametrize("matrix", MATRICES)
def test_flat_colours_stay_within_two_levels(colours: Path, matrix: str, span: str, pixels: str) -> None:
    name = f"{matrix}-{span}-{pixels}.mkv"
    source = next(row for row in rows(colours, "sources") if Path(row["path"]).name == name)
    assert (source["colorspace"], source["full_range"]) == (matrix, span == "full")
    clip = next(row for row in rows(colours, "clips") if row["source_id"] == source["source_id"])
    wanted = np.array(FLAT)
    path = colours / clip["path"]
    assert np.abs(middles(read_clip(path)[0]) - wanted).max() <= 2
    assert np.abs(middles(np.load(BuildFolder(colours).cache(source["source_id"]))[0, 0]) - wanted).max() <= 2
    # A player that goes by the clip's own tags shows them, too.
    shown = ffmpeg("-i", path, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "-")
    picture = np.frombuffer(shown, np.uint8).reshape(clip["height"], clip["width"], 3)
    assert np.abs(middles(picture) - wanted).max() <= 3


def test_the_colours_pass_verify(colours: Path, here: Any) -> None:
    report = verify(colours, executor=here)
    assert report.faults == report.notices == () and report.decoded == len(MATRICES) * 2 * len(PIXELS)


def raw(folder: Path, count: int, width: int, height: int) -> tuple[str | Path, ...]:
    """ffmpeg's words for reading test pictures."""
    path = folder / f"raw-{count}-{width}x{height}"
    path.write_bytes(np.stack(pictures(count, width, height)).tobytes())
    return ("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", "25", "-i", path)


Kind = tuple[int, int, tuple[str, ...], str]
KINDS: dict[str, Kind] = {
    "odd": (321, 181, ("-c:v", "ffv1", "-pix_fmt", "yuv420p"), "mkv"),
    "odd-444": (161, 97, ("-c:v", "libx264", "-qp", "10", "-pix_fmt", "yuv444p"), "mp4"),
    "422": (160, 97, ("-c:v", "libx264", "-qp", "10", "-pix_fmt", "yuv422p"), "mp4"),
    "10-bit": (160, 96, ("-c:v", "libx264", "-qp", "10", "-pix_fmt", "yuv420p10le"), "mp4"),
    "gray": (160, 96, ("-c:v", "ffv1", "-pix_fmt", "gray"), "mkv"),
    "gray-10": (160, 96, ("-c:v", "ffv1", "-pix_fmt", "gray10le"), "mkv"),
    "rgb": (160, 96, ("-c:v", "libx264rgb", "-qp", "10"), "mkv"),
    "png": (160, 96, ("-c:v", "png", "-pix_fmt", "rgb24"), "mov"),
    "palette": (
        160,
        96,
        ("-vf", "split[a][b];[a]palettegen[p];[b][p]paletteuse", "-c:v", "png", "-pix_fmt", "pal8"),
        "mov",
    ),
    "mjpeg": (160, 96, ("-c:v", "mjpeg", "-q:v", "2"), "avi"),
    "interlaced": (
        160,
        96,
        ("-vf", "setfield=tff", "-flags", "+ilme+ildct", "-c:v", "mpeg2video", "-q:v", "2"),
        "ts",
    ),
    "wide-pixels": (160, 96, ("-vf", "setsar=4/3", "-c:v", "libx264", "-qp", "10"), "mp4"),
    "narrow-pixels": (160, 96, ("-vf", "setsar=8/9", "-c:v", "libx264", "-qp", "10"), "mp4"),
}


@pytest.fixture(scope="module")
def kinds(plain: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One build of films of many kinds, and of turned ones."""
    folder = tmp_path_factory.mktemp("kinds")
    films = folder / "films"
    films.mkdir()
    for name, (width, height, words, suffix) in KINDS.items():
        ffmpeg(*raw(folder, 12, width, height), *words, films / f"{name}.{suffix}")
    for turn in (90, 180, 270):
        to = films / f"turned-{turn}.mp4"
        ffmpeg("-display_rotation", str(turn), "-i", films / "10-bit.mp4", "-c", "copy", to)
    build(films, folder / "set", recipe=plain, set=SHORT, workers=2)
    return folder / "set"


def kept(folder: Path, name: str) -> tuple[dict[str, Any], Rows]:
    """A source's row and its kept clips."""
    source = next(row for row in rows(folder, "sources") if Path(row["path"]).stem == name)
    return source, [
        row for row in rows(folder, "clips") if row["source_id"] == source["source_id"] and row["kept"]
    ]


def shown(picture: np.ndarray, height: int, width: int, grey: bool) -> np.ndarray:
    """A test picture as a viewer of the film would see it."""
    if grey:
        picture = np.repeat(picture @ np.array([0.299, 0.587, 0.114]), 3, 1).reshape(*picture.shape)
    return cv2.resize(picture.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_picture_becomes_clips_of_its_frames(kinds: Path, name: str) -> None:
    width, height, *_ = KINDS[name]
    _, clips = kept(kinds, name)
    assert [clip["frame_start"] for clip in clips] == [0, 4, 8]
    seen = {"wide-pixels": 213, "narrow-pixels": 142}.get(name, width)
    assert abs(clips[0]["width"] - seen) <= 1 and abs(clips[0]["height"] - height) <= 1
    made = pictures(12, width, height)
    limit = 14 if name == "palette" else 6
    for clip in clips:
        for index, picture in enumerate(read_clip(kinds / clip["path"]).astype(np.float32)):
            sides = picture.shape[0], picture.shape[1]
            errors = [np.abs(picture - shown(p, *sides, name.startswith("gray"))).mean() for p in made]
            assert int(np.argmin(errors)) == clip["frame_start"] + index
            assert min(errors) < limit


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_pictures_come_out_upright(kinds: Path, turn: int) -> None:
    _, clips = kept(kinds, f"turned-{turn}")
    first = read_clip(kinds / clips[0]["path"])[0].astype(np.float32)
    # A player of the second program turns it by the same matrix.
    path = next(Path(row["path"]) for row in rows(kinds, "sources") if f"turned-{turn}" in row["path"])
    played = ffmpeg("-i", path, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "-")
    assert first.shape[:2] == ((160, 96) if turn % 180 else (96, 160))
    assert np.abs(np.frombuffer(played, np.uint8).reshape(first.shape) - first).mean() < 4


def test_all_of_them_pass_verify(kinds: Path, here: Any) -> None:
    report = verify(kinds, executor=here)
    assert report.faults == report.notices == ()
    assert report.decoded == report.clips == 3 * (len(KINDS) + 3)


@pytest.mark.parametrize("harm", [drop, cut_off, noise], ids=lambda harm: harm.__name__)
@pytest.mark.parametrize("params", ["", "open-gop=1", "bframes=0"], ids=["closed", "open", "no-b"])
def test_no_clip_touches_damage(
    plain: str, here: Any, tmp_path: Path, params: str, harm: Callable[..., Any]
) -> None:
    packets = x264(params, count=168)
    whole, _ = decode(mux(tmp_path / "whole.mp4", packets))
    known = {pts: hash_ for pts, hash_, _ in whole}
    hurt = packets
    for near in (130, 60):
        hurt = harmed(hurt, reference(packets, near), harm)
    films = tmp_path / "films"
    films.mkdir()
    mux(films / "hurt.mp4", hurt)
    folder = build(films, tmp_path / "set", recipe=plain, set=SHORT, executor=here).folder
    source, clips = kept(folder, "hurt")
    frames = read_frames(BuildFolder(folder).frames(source["source_id"]))
    wrong = [k for k in range(len(frames)) if known[int(frames.pts[k])] != int(frames.luma_hash[k])]
    assert wrong and len(clips) >= 20
    for clip in clips:
        span = range(clip["frame_start"], clip["frame_stop"])
        assert not set(span) & set(wrong)
        # No frame is missing inside it, either.
        assert frames.pts[span[-1]] - frames.pts[span[0]] == 3 * 512
    gaps = [row for row in rows(folder, "transitions") if row["kind"] == "gap"]
    assert gaps and source["bad_packets"] >= 2
    report = verify(folder, executor=here)
    assert report.faults == report.notices == ()
