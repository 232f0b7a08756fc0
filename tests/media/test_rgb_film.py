"""Films of others: RGB comes back exact where the codec allows it, and a fault is an error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest

from skyscene.errors import MediaError
from skyscene.media import RgbFilm, write_film

CLIP = np.random.default_rng(0).integers(0, 256, (8, 48, 64, 3), np.uint8)


def written(path: Path, codec: str, pixels: str) -> Path:
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=25)
        stream.height, stream.width, stream.pix_fmt = *CLIP.shape[1:3], pixels
        for rgb in CLIP:
            frame = av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(format=pixels)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def read(path: Path) -> tuple[npt.NDArray[np.uint8], bool]:
    with RgbFilm(path, 1) as film:
        return np.stack(list(film)), film.lossless


@pytest.mark.parametrize(
    ("name", "codec", "pixels"),
    [
        ("a.mkv", "ffv1", "bgr0"),
        ("a.avi", "ffv1", "bgra"),
        ("d.avi", "utvideo", "gbrp"),
        ("b.avi", "huffyuv", "rgb24"),
        ("c.avi", "rawvideo", "bgr24"),
        ("c.mov", "png", "rgb24"),
    ],
)
def test_what_a_lossless_codec_holds_comes_back_exactly(
    tmp_path: Path, name: str, codec: str, pixels: str
) -> None:
    clip, lossless = read(written(tmp_path / name, codec, pixels))
    assert np.array_equal(clip, CLIP) and lossless


@pytest.mark.parametrize(
    ("name", "codec", "pixels"),
    [
        ("a.mkv", "ffv1", "yuv444p"),
        ("a.mp4", "libx264", "yuv420p"),
        ("a.gif", "gif", "rgb8"),
        ("a.avi", "mjpeg", "yuvj420p"),
        ("b.mkv", "libx264rgb", "rgb24"),
    ],
)
def test_in_doubt_a_film_is_lossy(tmp_path: Path, name: str, codec: str, pixels: str) -> None:
    clip, lossless = read(written(tmp_path / name, codec, pixels))
    assert clip.shape == CLIP.shape and not lossless


def test_colours_are_those_that_a_player_shows(tmp_path: Path) -> None:
    flat = np.full((8, 64, 64, 3), (200, 90, 40), np.uint8)
    write_film(tmp_path / "a.mp4", iter(flat), crf=1)
    clip, _ = read(tmp_path / "a.mp4")
    assert np.abs(clip.astype(int) - flat).max() <= 2


@pytest.mark.parametrize(("share", "says"), [(0.5, r"frame [345] is damaged"), (0.95, "a part of it is")])
def test_a_film_with_a_damaged_frame_is_refused(tmp_path: Path, share: float, says: str) -> None:
    path = written(tmp_path / "a.avi", "png", "rgb24")
    data = bytearray(path.read_bytes())
    at = int(share * len(data))
    data[at : at + 200] = bytes(200)
    path.write_bytes(data)
    with pytest.raises(MediaError, match=says):
        read(path)


def test_a_turned_film_comes_out_upright(footage: Path) -> None:
    with RgbFilm(footage / "cuts" / "psd_issue-134-rotate.mp4", 4) as film:
        assert next(iter(film)).shape == (1280, 544, 3)
