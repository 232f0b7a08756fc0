"""Scored studies for the tests of their reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from skyscene.records import Choice, Pair
from skyscene.study.prediction import MetricPrediction
from skyscene.study.scoring import StudyScore, score_study
from skyscene.study.statistics.clustered import NAME
from skyscene.study.statistics.prediction import ONE_SIGNED, Prediction
from skyscene.study.statistics.proportion import Interval
from tests.study.planned import Answer, answered, choosing, planned_study

HOSTILE = (
    '<script>alert("1")</script> | **b** `c` $x$ --> [d](javascript:e)\n# f \u202e\x1b[31m \u5929\U0001f324'
)
_KNOWN: dict[str, StudyScore] = {}


def prefers_one(slot: int, pair: Pair) -> Choice:
    """Real over anything, "one" over "two" but on every fourth clip; gold is right."""
    if pair.gold_side:
        return pair.gold_side
    if "real" in (pair.left, pair.right):
        return choosing(pair, "real")
    return choosing(pair, "two" if int(pair.left_clip[4:]) % 4 == 0 else "one")


def lazy(slot: int, pair: Pair) -> Choice:
    """The same, but that one rater always clicks left."""
    return "left" if slot == 2 else prefers_one(slot, pair)


def scored(
    root: Path,
    answer: Answer | None = prefers_one,
    names: tuple[str, ...] = ("one", "two", "real"),
    **given: object,
) -> StudyScore:
    """A score of 20 clips, 6 raters and three votes a clip and pair; without answers a score of no votes."""
    case = repr((answer, names, sorted(given.items())))
    if case not in _KNOWN:
        folder = planned_study(root / "study", names, 20, **{"votes": 3, "raters": 6, **given})
        with patch("skyscene.study.scoring._DRAWS", 40):  # a thousand take a second each time
            _KNOWN[case] = score_study(folder, answered(folder, answer) if answer else [])
    return _KNOWN[case]


def labelled(score: StudyScore, labels: Mapping[str, str], folder: str = "") -> StudyScore:
    """It with other labels, and the folder that clips came from."""
    sides = {
        name: replace(side, label=labels.get(name, side.label), folder=folder and f"{folder}/{name}")
        for name, side in score.study.sides.items()
    }
    return replace(score, study=replace(score.study, sides=sides))


def predicted(score: StudyScore) -> StudyScore:
    """It with metrics of which one points the wrong way, one says nothing, one is right and one is tied."""
    found = {
        "psnr": Prediction(0.61, Interval(0.45, 0.83, NAME), 0.0021, 37.9, 812),
        "ssim": Prediction(0.97, Interval(0.7, 1.3, NAME), 0.84, 49.2, 812),
        "lpips": Prediction(1.9, Interval(1.3, 2.9, NAME), 0.0004, 65.5, 812, ONE_SIGNED),
        "tied": Prediction(None, None, None, None, 0, "the metric is tied everywhere"),
    }
    rows = [
        MetricPrediction("video", first, second, name, f"{name}/1", each)
        for first, second in (("one", "two"), ("", ""))
        for name, each in found.items()
    ]
    return replace(score, predictions=rows)
