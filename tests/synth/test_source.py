"""The truth as JSON."""

import json

import pytest

from skyscene.errors import SkySceneError
from skyscene.records import Interval
from skyscene.synth import Planted, Truth


def test_truth_survives_json():
    truth = Truth("a", 3, 99, 30, 64, 36, (Planted("cut", Interval(5, 5)),), False, "b")
    assert Truth.from_json(json.loads(json.dumps(truth.to_json()))) == truth


def test_wrong_tables_are_refused():
    table = Truth("a", 3, 99, 30, 64, 36).to_json()
    with pytest.raises(SkySceneError, match="colour"):
        Truth.from_json(table | {"colour": 1})
    del table["fps"]
    with pytest.raises(SkySceneError, match="fps"):
        Truth.from_json(table)
