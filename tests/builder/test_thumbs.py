"""Small pictures have the colours of the film, and there are never too many."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from skyscene.builder import thumbs
from skyscene.builder.thumbs import Thumbs
from skyscene.media import Size, to_rgb

SMALL = Size(64, 36)


def _planes(luma: int, blue: int, red: int, width: int = 96, height: int = 54) -> np.ndarray:
    planes = np.full((height * 3 // 2, width), luma, np.uint8)
    planes[height:].reshape(2, -1)[:] = [[blue], [red]]
    return planes


def _decoded(jpeg: bytes) -> np.ndarray:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR))[:, :, ::-1]


@pytest.mark.parametrize("matrix", ["bt709", "smpte170m", "bt2020nc", "fcc", "smpte240m", "rgb"])
@pytest.mark.parametrize(
    "yuv", [(16, 128, 128), (235, 128, 128), (90, 110, 170), (180, 150, 100), (60, 90, 200)]
)
def test_colours_are_those_of_exact_scaling(matrix: str, yuv: tuple[int, int, int]) -> None:
    made = Thumbs(1, SMALL, matrix)
    made.add(0, _planes(*yuv))
    picture = _decoded(made.kept[0][1])
    assert picture.shape == (36, 64, 3)
    exact = to_rgb(_planes(*yuv), SMALL, matrix)
    assert np.abs(picture.astype(int) - exact.astype(int)).max() <= 4


def test_a_picture_is_kept_every_so_many_frames() -> None:
    made = Thumbs(4, SMALL, "bt709")
    for index in range(10):
        made.add(index, _planes(100, 128, 128))
    assert [index for index, _ in made.kept] == [0, 4, 8]


def test_of_too_many_every_other_one_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thumbs, "_MOST", 5)
    made = Thumbs(2, SMALL, "bt709")
    for index in range(30):
        made.add(index, _planes(100, 128, 128))
    kept = [index for index, _ in made.kept]
    assert len(kept) <= 5
    assert kept == list(range(0, 30, kept[1]))
