"""The scorer, on cases made by hand."""

from dataclasses import replace

import pytest

from skyscene.records import Interval
from skyscene.synth import FORBIDDEN, Planted, Truth, compare

CLEAN = Truth("clean", 1, 170, 30, 640, 360)
COPY = replace(CLEAN, name="copy", duplicate_of="clean")


def spoilt(kind, start, stop):
    return replace(CLEAN, name="spoilt", clean=False, planted=(Planted(kind, Interval(start, stop)),))


def clips(*starts):
    return [Interval(start, start + 32) for start in starts]


def test_a_right_build_has_no_faults():
    kept = {"clean": clips(3, 35, 67, 99, 131), "spoilt": clips(0, 40)}
    assert compare([CLEAN, COPY, spoilt("fade", 32, 40)], kept) == []


@pytest.mark.parametrize("kind", sorted(FORBIDDEN - {"cut"}))
def test_overlap_by_one_frame_is_a_fault(kind):
    assert compare([spoilt(kind, 31, 40)], {"spoilt": clips(0)}) == [
        f"spoilt: kept clip 0..32 has the {kind} at 31..40"
    ]
    assert compare([spoilt(kind, 32, 40)], {"spoilt": clips(0, 40)}) == []


def test_a_cut_may_touch_a_clip_but_not_lie_within():
    assert compare([spoilt("cut", 32, 32)], {"spoilt": clips(0, 32)}) == []
    assert len(compare([spoilt("cut", 32, 32)], {"spoilt": clips(1, 31)})) == 2


def test_other_defects_are_forbidden_on_request():
    assert compare([spoilt("flicker", 0, 9)], {"spoilt": clips(0)}) == []
    assert len(compare([spoilt("flicker", 0, 9)], {"spoilt": clips(0)}, forbidden={"flicker"})) == 1


def test_a_clean_source_keeps_four_fifths_of_its_windows():
    assert CLEAN.possible() == 5
    assert compare([CLEAN], {"clean": clips(0, 32, 64, 96)}) == []
    assert compare([CLEAN], {"clean": clips(0, 32, 64)}) == [
        "clean: clean, but only 3 of 5 windows kept, under 80%"
    ]
    assert len(compare([CLEAN], {})) == 1


def test_of_the_same_bytes_one_source_owns_the_clips_whichever_it_is():
    full = clips(3, 35, 67, 99, 131)
    assert compare([CLEAN, COPY], {"clean": full}) == []
    assert compare([COPY, CLEAN], {"copy": full, "clean": []}) == []
    assert compare([COPY, CLEAN], {"clean": full, "copy": full}) == [
        "clean and copy: kept clips of each, though they are the same bytes"
    ]
    assert len(compare([CLEAN, COPY], {})) == 1


def test_clips_of_a_stranger_and_past_the_end_are_faults():
    assert compare([], {"who": clips(0)}) == ["who: kept clips of a source that is not in the truth"]
    assert "ends after frame 170" in compare([spoilt("cut", 9, 9)], {"spoilt": clips(150)})[0]
