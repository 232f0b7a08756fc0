"""The truth of one defect."""

import pytest

from skyscene.errors import SkySceneError
from skyscene.records import Interval
from skyscene.synth import Planted


@pytest.mark.parametrize(
    ("kind", "start", "stop", "window", "seen"),
    [
        ("cut", 40, 40, (8, 40), False),
        ("cut", 40, 40, (9, 41), True),
        ("cut", 40, 40, (39, 71), True),
        ("cut", 40, 40, (40, 72), False),
        ("fade", 40, 50, (8, 40), False),
        ("fade", 40, 50, (9, 41), True),
        ("fade", 40, 50, (49, 81), True),
        ("fade", 40, 50, (50, 82), False),
    ],
)
def test_what_a_window_sees(kind, start, stop, window, seen):
    assert Planted(kind, Interval(start, stop)).spoils(Interval(*window)) is seen


def test_json_round_trip_and_its_faults():
    planted = Planted("pan", Interval(4, 9))
    assert Planted.from_json(planted.to_json()) == planted
    with pytest.raises(SkySceneError, match="hail"):
        Planted.from_json({"kind": "hail", "start": 1, "stop": 2})
    with pytest.raises(SkySceneError, match="not a planted defect"):
        Planted.from_json({"kind": "cut", "start": 1})
