"""Flows beside direct calls of OpenCV, and of pictures whose motion is known."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from skyscene.errors import RecipeError
from skyscene.flow import FLOWS, clip_flows, flow

SIZES = [(16, 16), (33, 47), (64, 64), (96, 40)]
DIS = {
    "FinestScale": 1,
    "PatchSize": 8,
    "PatchStride": 3,
    "GradientDescentIterations": 25,
    "UseMeanNormalization": True,
    "UseSpatialPropagation": True,
    "VariationalRefinementIterations": 5,
    "VariationalRefinementAlpha": 20.0,
    "VariationalRefinementDelta": 5.0,
    "VariationalRefinementGamma": 10.0,
    "VariationalRefinementEpsilon": 0.01,
}


@pytest.fixture
def threads() -> Iterator[None]:
    """OpenCV's threads, put back."""
    before = cv2.getNumThreads()
    yield
    cv2.setNumThreads(before)


def clouds(size: tuple[int, int], right: int = 0, down: int = 0) -> np.ndarray:
    """Smooth noise that has gone so far."""
    height, width = size
    noise = np.random.default_rng(5).integers(0, 256, (height + 32, width + 32), dtype=np.uint8)
    smooth = cv2.normalize(cv2.GaussianBlur(noise, (0, 0), 2.5), None, 0, 255, cv2.NORM_MINMAX)
    return smooth[16 - down : 16 - down + height, 16 - right : 16 - right + width]


def by_opencv(name: str, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    first, second = np.ascontiguousarray(first), np.ascontiguousarray(second)
    if name == "farneback":
        return cv2.calcOpticalFlowFarneback(first, second, None, 0.5, 3, 15, 3, 5, 1.2, 0)
    estimator = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
    for setting, value in DIS.items():
        getattr(estimator, f"set{setting}")(value)
    return estimator.calc(first, second, None)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", FLOWS)
def test_the_same_as_opencv_with_the_settings_written_out(name: str, size: tuple[int, int]) -> None:
    first, second = clouds(size), clouds(size, right=2, down=1)
    found = flow(name)(first, second)
    assert found.shape == (*size, 2) and found.dtype == np.float32
    assert np.array_equal(found, by_opencv(name, first, second))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("right", "down"), [(1, 0), (0, 1), (-1, 0), (2, -1), (0, 0)])
@pytest.mark.parametrize("name", FLOWS)
def test_a_picture_that_moves_by_whole_pixels(
    name: str, right: int, down: int, size: tuple[int, int]
) -> None:
    found = FLOWS[name](clouds(size), clouds(size, right, down))
    assert np.median(found, axis=(0, 1)) == pytest.approx([right, down], abs=0.1)


@pytest.mark.parametrize("name", FLOWS)
def test_the_number_of_threads_changes_no_vector(name: str, threads: None) -> None:
    first, second = clouds((128, 160)), clouds((128, 160), right=3)
    found = []
    for number in (1, 2, 5):
        cv2.setNumThreads(number)
        found.append(FLOWS[name](first, second))
    assert np.array_equal(found[0], found[1]) and np.array_equal(found[0], found[2])


@pytest.mark.parametrize("name", FLOWS)
def test_what_was_estimated_before_changes_no_vector(name: str) -> None:
    """OpenCV's object takes over the scales of a small picture to the next."""
    large, small = ([clouds((side, side), right=k) for k in range(3)] for side in (64, 20))
    before = FLOWS[name](large[0], large[1])
    FLOWS[name](small[0], small[1])
    assert np.array_equal(FLOWS[name](large[0], large[1]), before)
    flows = clip_flows(np.stack(large), FLOWS[name])
    assert np.array_equal(flows[0], before) and np.array_equal(flows[1], FLOWS[name](large[1], large[2]))


@pytest.mark.parametrize("name", FLOWS)
def test_a_clip_of_one_picture_has_no_flow(name: str) -> None:
    assert clip_flows(clouds((16, 24))[None], FLOWS[name]).shape == (0, 16, 24, 2)


def test_what_no_estimator_takes_is_refused() -> None:
    picture = clouds((16, 16))
    with pytest.raises(ValueError, match=r"\(15, 200\) are under 16 pixels .* dis-medium"):
        FLOWS["dis-medium"](clouds((15, 200)), clouds((15, 200)))
    with pytest.raises(ValueError, match="beside"):
        FLOWS["farneback"](picture, picture[1:])
    with pytest.raises(ValueError, match="uint8"):
        FLOWS["farneback"](picture / 255, picture / 255)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="a clip"):
        clip_flows(picture, FLOWS["farneback"])
    with pytest.raises(RecipeError, match=r"no flow 'dis-medum'.*dis-medium"):
        flow("dis-medum")


@pytest.mark.parametrize(("name", "side"), [("dis-medium", 16), ("farneback", 1)])
def test_the_smallest_side_is_estimated(name: str, side: int) -> None:
    for size in ((side, side), (side, 40 * side), (40 * side, side)):
        assert np.isfinite(FLOWS[name](clouds(size), clouds(size, right=1))).all()


def test_torch_is_not_needed() -> None:
    code = "import sys, skyscene.flow; print('torch' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False"
