from __future__ import annotations

import av
import numpy as np
import pytest
from av.video.reformatter import Interpolation

from skyscene.media import to_yuv420
from skyscene.media.picture import EXACT


@pytest.mark.parametrize("size", [(64, 64), (33, 47), (1, 1), (2, 130)])
def test_the_planes_are_those_of_ffmpegs_own_choice_by_its_exact_code(size: tuple[int, int]) -> None:
    rgb = np.random.default_rng(1).integers(0, 256, (3, *size, 3), dtype=np.uint8)
    planes = to_yuv420(rgb)
    small = tuple((side + 1) // 2 for side in size)
    assert [plane.shape[1:] for plane in planes] == [size, small, small]
    for at, picture in enumerate(rgb):
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame = frame.reformat(format="yuv420p", interpolation=Interpolation.BICUBIC | EXACT)
        for plane, stored in zip(planes, frame.planes, strict=True):
            lines = np.frombuffer(memoryview(stored), np.uint8).reshape(stored.height, -1)
            assert np.array_equal(plane[at], lines[:, : stored.width])


def test_what_are_no_pictures_is_refused() -> None:
    for wrong in (np.zeros((8, 8, 3), np.uint8), np.zeros((1, 8, 8, 3)), np.zeros((0, 8, 8, 3), np.uint8)):
        with pytest.raises(ValueError, match="are needed"):
            to_yuv420(wrong)  # type: ignore[arg-type]
