"""PySceneDetect's detectors on our column agree with PySceneDetect itself on the same frames."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from scenedetect import AdaptiveDetector, ContentDetector, FrameTimecode
from scenedetect.detector import FlashFilter

from skyscene.curate.detectors.psd_adaptive import PsdAdaptive
from skyscene.curate.detectors.psd_content import PsdContent
from skyscene.curate.measures.psd_content import bgr
from skyscene.records import Interval, SmallFrames
from tests.curate.material import drift, frames_of, grey

SHOTS = (4, 21, 3, 2, 30, 16, 5, 5, 25, 40)


def film() -> np.ndarray:
    return np.concatenate([drift(7 * k, n, height=72, width=128) for k, n in enumerate(SHOTS)])


def theirs(detector, y: np.ndarray) -> list[int]:
    u, v = grey(y)
    batch = SmallFrames(y, u, v, 0, Interval(0, len(y)))
    cuts: list[int] = []
    for row in range(len(y)):
        time = FrameTimecode(row, fps=Fraction(25))
        cuts += [cut.frame_num for cut in detector.process_frame(time, bgr(batch, row))]
    return cuts


@pytest.mark.parametrize("threshold", [5.0, 12.0, 27.0])
@pytest.mark.parametrize("length", [0, 5, 15])
@pytest.mark.parametrize("mode", ["merge", "suppress"])
def test_content(threshold: float, length: int, mode: str) -> None:
    y = film()
    ours = PsdContent(name="c", threshold=threshold, min_scene_len=length, filter_mode=mode)
    detector = ContentDetector(threshold, length, filter_mode=FlashFilter.Mode[mode.upper()])
    cuts = [t.interval.start for t in ours.detect(frames_of(y, "psd_content"))]
    assert cuts == theirs(detector, y)
    assert cuts or threshold > 12


@pytest.mark.parametrize("threshold", [1.5, 3.0])
@pytest.mark.parametrize("length", [0, 15])
@pytest.mark.parametrize("width", [1, 2, 3])
def test_adaptive(threshold: float, length: int, width: int) -> None:
    y = film()
    ours = PsdAdaptive(
        name="a", adaptive_threshold=threshold, min_scene_len=length, window_width=width, min_content_val=4.0
    )
    detector = AdaptiveDetector(threshold, length, width, 4.0)
    cuts = [t.interval.start for t in ours.detect(frames_of(y, "psd_content"))]
    assert cuts == theirs(detector, y)
    assert cuts
