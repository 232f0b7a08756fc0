"""The demonstration agrees with its truth, and would say so if it did not."""

from __future__ import annotations

from pathlib import Path

import pytest

from skyscene.builder import demo, read_truth
from skyscene.builder.demonstration import kept_clips
from skyscene.records import Interval
from skyscene.store import existing
from skyscene.synth import compare


@pytest.mark.timeout(1200)
def test_the_demonstration_agrees_with_its_truth(tmp_path: Path) -> None:
    report = demo(tmp_path / "demo")
    assert report.faults == ()
    assert set(report.split.sources) == {"train", "val", "test"}
    assert report.build.funnel.duplicates == 1
    truths = read_truth(tmp_path / "demo" / "films")
    kept = kept_clips(existing(tmp_path / "demo" / "set"), truths)
    assert "too-dark" not in kept and "slow-zoom" not in kept and "slow-pan" not in kept
    # The same comparison sees a clip across a cut, and a sky that lost too much.
    kept["cuts-and-dissolve"].append(Interval(140, 172))
    del kept["golden-sunset"]
    faults = compare(truths, kept)
    assert len(faults) == 2
    assert any("cut at 150" in fault for fault in faults)
    assert any(fault.startswith("golden-sunset: clean, but only 0 of") for fault in faults)
