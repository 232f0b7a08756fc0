"""Headers of pictures, and pictures that are not whole."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from skyscene.errors import MediaError
from skyscene.media import PictureHeader, picture_header

NOISE = np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)


@pytest.mark.parametrize(
    ("name", "picture", "wanted"),
    [
        ("a.png", NOISE, PictureHeader(30, 20, 8, False)),
        ("a.png", NOISE.astype(np.uint16), PictureHeader(30, 20, 16, False)),
        ("a.png", NOISE[..., 0], PictureHeader(30, 20, 8, False)),
        ("a.jpg", NOISE, PictureHeader(30, 20, 8, True)),
    ],
)
def test_a_header_says_what_is_in_the_file(
    tmp_path: Path, name: str, picture: np.ndarray, wanted: PictureHeader
) -> None:
    cv2.imwrite(str(tmp_path / name), picture)
    assert picture_header(tmp_path / name) == wanted


def test_a_progressive_jpeg_has_a_size_too(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.jpg"), NOISE, [cv2.IMWRITE_JPEG_PROGRESSIVE, 1])
    assert picture_header(tmp_path / "a.jpg") == PictureHeader(30, 20, 8, True)


@pytest.mark.parametrize("ending", [".png", ".jpg"])
def test_however_much_is_cut_off_is_seen(tmp_path: Path, ending: str) -> None:
    done, data = cv2.imencode(ending, NOISE)
    whole = data.tobytes()
    path = tmp_path / f"a{ending}"
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(MediaError):
            picture_header(path)
    assert done


def test_a_flipped_bit_in_a_png_is_seen(tmp_path: Path) -> None:
    whole = bytearray(cv2.imencode(".png", NOISE)[1].tobytes())
    for at in range(0, len(whole), 7):
        whole[at] ^= 4
        (tmp_path / "a.png").write_bytes(whole)
        with pytest.raises(MediaError):
            picture_header(tmp_path / "a.png")
        whole[at] ^= 4


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "the file is empty"),
        (b"GIF89a....", "neither a PNG nor a JPEG"),
        (b"\xff\xd8\xff" + bytes(50) + b"\xff\xd9", "damaged or cut off"),
    ],
)
def test_what_is_no_picture_is_refused(tmp_path: Path, data: bytes, says: str) -> None:
    (tmp_path / "a.png").write_bytes(data)
    with pytest.raises(MediaError, match=says):
        picture_header(tmp_path / "a.png")
