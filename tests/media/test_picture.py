from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from skyscene.media import Decoder, MediaLimits, Scaler, Size, second_decode, to_rgb
from skyscene.media.picture import crop_planes, split_planes
from skyscene.records import Crop

FLAT = [(255, 0, 0), (0, 255, 0), (30, 60, 200), (255, 255, 255), (0, 0, 0), (128, 128, 128)]


@pytest.mark.parametrize("rgb", FLAT)
@pytest.mark.parametrize(("matrix", "number"), [("bt709", 1), ("smpte170m", 5), ("bt2020nc", 9)])
@pytest.mark.parametrize("pixels", ["yuv420p", "yuvj420p", "yuv444p10le"])
def test_flat_colours_come_back_within_two_levels(
    rgb: tuple[int, int, int], matrix: str, number: int, pixels: str
) -> None:
    full = pixels.startswith("yuvj")
    source = av.VideoFrame.from_ndarray(np.full((64, 64, 3), rgb, np.uint8), format="rgb24").reformat(
        format=pixels, dst_colorspace=number, src_color_range=2, dst_color_range=2 if full else 1
    )
    source.colorspace = 6 if number == 5 else number
    source.color_range = 2 if full else 1
    planes = Scaler(Size(32, 32), 0, "bicubic")(source)
    back = to_rgb(planes, Size(8, 8), matrix)
    assert np.abs(back.astype(int) - np.array(rgb)).max() <= 2


def test_a_turned_film_comes_out_upright_as_a_player_shows_it(footage: Path, limits: MediaLimits) -> None:
    path = footage / "cuts" / "psd_issue-134-rotate.mp4"
    with Decoder(path, limits) as decoder:
        first = next(iter(decoder))
        facts = decoder.facts()
    assert (facts.width, facts.height, facts.rotation) == (544, 1280, 270)
    planes = Scaler(Size(272, 640), facts.rotation, "bicubic")(first.picture)
    assert planes.shape == (960, 272)
    untouched = Scaler(Size(640, 272), 0, "bicubic")(first.picture)
    luma, _, _ = split_planes(untouched, Size(640, 272))
    turned, _, _ = split_planes(planes, Size(272, 640))
    # The player turns a quarter clockwise: the top row becomes the right column.
    assert np.abs(turned[:, -1].astype(int) - luma[0]).mean() < 1


def test_a_crop_takes_the_same_pixels_of_all_planes() -> None:
    rng = np.random.default_rng(0)
    planes = rng.integers(0, 256, (36 * 3 // 2, 64), dtype=np.uint8)
    part = crop_planes(planes, Size(64, 36), Crop(8, 4, 32, 20))
    luma, blue, red = split_planes(planes, Size(64, 36))
    small = split_planes(part, Size(32, 20))
    assert np.array_equal(small[0], luma[4:24, 8:40])
    assert np.array_equal(small[1], blue[2:12, 4:20]) and np.array_equal(small[2], red[2:12, 4:20])


def test_the_second_decoder_agrees_with_the_first_on_a_plain_film(film: Path, limits: MediaLimits) -> None:
    with Decoder(film, limits) as decoder:
        first = [frame.picture.to_ndarray() for frame in decoder]
    second = list(second_decode(film, Size(128, 72)))
    assert len(first) == len(second) == 100
    assert all(np.array_equal(one, other) for one, other in zip(first, second, strict=True))
