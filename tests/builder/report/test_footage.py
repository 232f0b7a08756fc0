"""On real footage the page alone says why each window was rejected and what became of every source."""

from __future__ import annotations

from pathlib import Path

import pytest

from skyscene.builder import build, write_report
from tests.builder.conftest import Here
from tests.builder.report.conftest import told

FILES = (
    "reels/moon_fades.mp4",
    "camera/lofoten_drone.mp4",
    "graphics/clideo_sun.mp4",
    "camera/tele_zoom_sunset.mp4",
    "odd/decord_unordered.mov",
    "odd/torchcodec_h264_10bits.mp4",
)


@pytest.fixture(autouse=True)
def shipped() -> None:
    """The shipped filters themselves."""


@pytest.mark.footage
def test_each_rejection_of_real_footage_is_explained(footage: Path, here: Here, tmp_path: Path) -> None:
    built = build([footage / name for name in FILES], tmp_path / "set", executor=here, clips=False)
    data = told(write_report(built.folder).read_text(encoding="utf-8"))
    windows, words = data["windows"], data["texts"]
    assert sum(map(bool, windows["reasons"])) == sum(built.funnel.reasons.values()) >= 5
    for reasons, why in zip(windows["reasons"], windows["why"], strict=True):
        assert len(why) == len(reasons)
        for lines in why:
            first, measured, *seen = (words[line] for line in lines)
            assert "allowed)" in first or "needed)" in first
            assert measured.startswith("Measured: ")
            assert seen
    for source in data["sources"]:
        assert sum(source["fates"]) == source["frames"]
        gave = source["fates"][0] > 0
        assert gave == (words[source["why"]] == "")
    assert all(words[number] for source in data["sources"] for *_, number in source["joins"])
