"""Every decision in words."""

from __future__ import annotations

import base64
from typing import cast

import numpy as np
import pytest

from skyscene.builder import load_recipe
from skyscene.builder.report.explain import explain_scene, explain_source, explain_transition, explain_window
from skyscene.builder.report.lanes import LaneTable, lanes_of, pack
from skyscene.builder.report.reasons import Reason
from skyscene.curate import FILTERS
from skyscene.records import Frames, Shown

LENGTH = 200


def _frames(**columns: np.ndarray) -> Frames:
    numbers = {
        name: np.zeros(LENGTH, np.float32)
        for name in ("luma_p99", "luma_detail", "change_lag_p99", "change_mad", "luma_mean", "change_fine")
    }
    camera = {f"camera_{name}": np.full(LENGTH, np.nan, np.float32) for name in ("tx", "ty", "scale", "turn")}
    flat = np.arange(LENGTH)
    return Frames(
        flat,
        flat.astype(np.uint64),
        np.zeros(LENGTH, bool),
        {**numbers, **camera, **columns},
        {},
        25.0,
        256,
        144,
    )


def _reasons() -> dict[str, Reason]:
    recipe = load_recipe("sky")
    limits = {"dark": 0.9, "static": 4.0, "camera": 1.0}
    return {
        name: Reason(name, "r0", "", {}, 1, 1, cast(Shown, part), limits[name])
        for name, part in recipe.filters.items()
    }


def _window(**scores: float) -> dict[str, object]:
    return {
        "frame_start": 64,
        "frame_stop": 96,
        "reasons": list(scores),
        "details": [f"{name} is wrong" for name in scores],
        **{f"score_{name}": score for name, score in scores.items()},
    }


def _said(window: dict[str, object], frames: Frames) -> list[list[str]]:
    reasons = _reasons()
    lanes = lanes_of(frames, list(reasons.values()))
    by_filter = {name: [lane for lane in lanes if lane.filter == name] for name in reasons}
    return explain_window(window, reasons, by_filter, 0, (160, 128))


def test_every_shipped_filter_can_be_shown() -> None:
    assert set(_reasons()) == set(FILTERS)
    for reason in _reasons().values():
        shown: Shown | None = reason.shown
        assert shown is not None
        curves = shown.curves(_frames())
        assert curves
        for curve in curves:
            assert len(curve.values) == LENGTH
            assert curve.low < curve.high
            assert curve.line is None or curve.low <= curve.line <= curve.high


def test_darkness_says_how_bright_it_was() -> None:
    p99 = np.full(LENGTH, 200, np.float32)
    p99[64:96] = np.linspace(16, 22, 32)
    ((first, measured, *seen),) = _said(_window(dark=0.07), _frames(luma_p99=p99))
    assert first == "Dark is wrong."
    assert measured == "Measured: 7 % (frames that show something); at least 90 % needed."
    assert seen == [
        "Brightest hundredth: 16 to 22 levels, the line is at 30.",
        "Finest detail: 0 levels, the line is at 12.",
    ]


def test_a_camera_without_corners_says_that_nothing_was_measurable() -> None:
    ((_, measured, *seen),) = _said(_window(camera=7.1), _frames())
    assert measured == "Measured: 7.1 (motion, in shares of what is allowed); at most 1 allowed."
    assert seen[0] == "Shift in 8 frames: not measurable here."


def test_several_reasons_each_have_their_own_words() -> None:
    both = _said(_window(dark=0.0, static=1.0), _frames())
    assert [lines[0] for lines in both] == ["Dark is wrong.", "Static is wrong."]


def test_a_window_over_the_cap_is_called_good() -> None:
    window = _window() | {"reasons": ["source-cap"]}
    ((first, more),) = _said(window, _frames())
    assert first == "One of 160 good windows of its source; a source gives 128 at most."
    assert "Every filter let it through" in more


@pytest.mark.parametrize(
    ("kind", "detector", "score", "said"),
    [
        ("cut", "cut", 0.93, "93 % of the structure of the frame before is gone"),
        ("dissolve", "dissolve", 1.5, "1.5 times as well as they must"),
        ("fade", "fade", 140.0, "brightness changes by 140 levels"),
        ("gap", "decoder", 1.0, "No clip touches it"),
        ("cut", "psd_content", 44.0, "its content value is 44"),
        ("cut", "mine", 3.0, "found by mine, score 3"),
        ("wipe", "mine", 3.0, "wipe; found by mine"),
    ],
)
def test_a_transition_says_what_was_seen(kind: str, detector: str, score: float, said: str) -> None:
    assert said in explain_transition({"kind": kind, "detector": detector, "score": score})


@pytest.mark.parametrize(
    ("start", "stop", "needed"),
    [(0, 30, "a clip of 32 that stays 2 clear"), (0, 20, "needs 34"), (40, 60, "needs 36")],
)
def test_a_short_scene_says_how_long_it_must_be(start: int, stop: int, needed: str) -> None:
    scene = {"frame_start": start, "frame_stop": stop, "windows": 0, "reasons": ["short"]}
    assert needed in explain_scene(scene, 32, 2, 100)
    assert explain_scene(scene | {"windows": 1}, 32, 2, 100) == ""


def test_a_whole_source_that_is_too_short_needs_no_margin() -> None:
    scene = {"frame_start": 0, "frame_stop": 20, "windows": 0, "reasons": ["short"]}
    assert explain_scene(scene, 32, 2, 20) == "Scene of 20 frames, too short: a clip of 32 needs 32."


def test_a_source_without_a_code_is_named_by_its_status() -> None:
    row = {"status": "removed", "reason": None, "duplicate_of": None}
    assert explain_source(row, [], [], {}, 32) == "Removed."


def test_a_long_curve_keeps_its_peak() -> None:
    values = np.zeros(100_000)
    values[70_001] = 10
    packed = base64.b64decode(pack(values, 0, 10, 300))
    assert len(packed) == 300
    assert packed.index(254) == pytest.approx(300 * 0.70001, abs=2)


def test_a_lane_that_a_source_lacks_is_empty() -> None:
    table = LaneTable()
    reasons = list(_reasons().values())
    assert None not in table.add(lanes_of(_frames(), reasons), 500)
    bare = _frames()
    few = Frames(bare.pts, bare.luma_hash, bare.gap, {"luma_mean": bare["luma_mean"]}, {}, 25.0, 256, 144)
    packed = table.add(lanes_of(few, reasons), 500)
    names = [row["name"] for row in table.rows({})]
    assert [name for name, text in zip(names, packed, strict=True) if text] == ["brightness"]
