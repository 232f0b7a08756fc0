from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skyscene.media import Size, analysis_size, clip_size, crop_within
from skyscene.media.geometry import display_size
from skyscene.records import Crop

sides = st.integers(16, 5000)


@given(sides, sides)
def test_clips_are_even_no_longer_than_asked_and_keep_their_shape(width: int, height: int) -> None:
    size = clip_size(Size(width, height), 640)
    assert size.width % 2 == size.height % 2 == 0
    assert max(size.width, size.height) <= 640
    assert size.width <= width + 1 and size.height <= height + 1
    if min(size.width, size.height) > 60:
        assert size.width / size.height == pytest.approx(width / height, rel=0.05)


@pytest.mark.parametrize(
    ("stored", "aspect", "rotation", "seen"),
    [
        (Size(720, 576), Fraction(64, 45), 0, Size(1024, 576)),
        (Size(1280, 544), Fraction(1), 270, Size(544, 1280)),
        (Size(720, 480), Fraction(8, 9), 90, Size(480, 640)),
    ],
)
def test_a_viewer_sees_square_pixels_upright(
    stored: Size, aspect: Fraction, rotation: int, seen: Size
) -> None:
    assert display_size(stored, aspect, rotation) == seen


@given(st.integers(0, 300), st.integers(0, 200), st.integers(100, 900), st.integers(100, 500))
def test_a_scaled_crop_is_even_and_lies_inside(x: int, y: int, width: int, height: int) -> None:
    seen, scaled = Size(1280, 720), Size(640, 360)
    crop = crop_within(Crop(x, y, width, height), seen, scaled)
    assert not any(value % 2 for value in (crop.x, crop.y, crop.width, crop.height))
    assert crop.x * 2 >= x and (crop.x + crop.width) * 2 <= x + width
    assert crop.y * 2 >= y and (crop.y + crop.height) * 2 <= y + height


def test_small_pictures_are_not_blown_up_to_be_measured() -> None:
    assert analysis_size(Size(200, 150), 256) == Size(200, 150)
