"""The contract that every shipped component keeps."""

from __future__ import annotations

import numpy as np
import pytest

from skyscene import recipes
from skyscene.curate import DETECTORS, FILTERS, LABELERS, MEASURES
from skyscene.records import Interval, SmallFrames
from tests.curate.material import LENGTH, component, measured, pictures

SECTIONS = {"measures": MEASURES, "detectors": DETECTORS, "filters": FILTERS, "labelers": LABELERS}


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("recipe", ["sky", "scenedetect"])
def test_every_section_of_a_recipe_resolves(recipe: str, section: str) -> None:
    table = recipes.load("pipelines", recipe).get(section, {})
    assert list(recipes.resolve(section, table, SECTIONS[section])) == list(table)


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_does_not_depend_on_how_frames_are_batched(name: str) -> None:
    measure = component("measures", name)
    y, u, v = pictures()
    whole = measured(measure, y, u, v, len(y))
    for size in (1, 7, 64):
        parts = measured(measure, y, u, v, size)
        assert parts.keys() == whole.keys()
        for column in whole:
            np.testing.assert_array_equal(
                parts[column], whole[column], err_msg=f"{column} in batches of {size}"
            )


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_gives_one_row_a_core_frame_under_its_own_name(name: str) -> None:
    measure = component("measures", name)
    y, u, v = pictures()
    keep = [plane.copy() for plane in (y, u, v)]
    batch = SmallFrames(y, u, v, 0, Interval(16, 40))
    columns = measure.measure(batch)
    assert columns
    assert all(key.startswith(f"{name}_") and len(column) == 24 for key, column in columns.items())
    for before, after in zip(keep, (y, u, v), strict=True):
        np.testing.assert_array_equal(before, after)


def test_the_default_measures_stay_small() -> None:
    y, u, v = pictures()
    rows = 0
    for name in recipes.load("pipelines", "sky")["measures"]:
        rows += sum(c.nbytes for c in measured(component("measures", name), y, u, v, 64).values())
    assert rows / LENGTH <= 300
