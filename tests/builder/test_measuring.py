"""Measures over batches: the numbers do not depend on the batch, and wrong ones are refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pytest

from skyscene.builder import load_recipe
from skyscene.builder.measuring import Measuring
from skyscene.media import Size
from skyscene.recipes import Component
from skyscene.records import Column, Measure, SmallFrames

SIZE = Size(64, 36)


class Short(Component):
    """A user's measure that loses a row."""

    version: ClassVar[str] = "1"
    reach: ClassVar[int] = 0

    def measure(self, batch: SmallFrames) -> Mapping[str, Column]:
        return {"short_x": np.zeros(batch.core.length - 1)}


def pictures(count: int) -> npt.NDArray[np.uint8]:
    """Clouds of a kind, some with bars, one with a jump."""
    rng = np.random.default_rng(5)
    base = rng.integers(30, 220, (SIZE.height * 3 // 2, SIZE.width), np.uint8)
    frames = np.stack([np.roll(base, 2 * k, axis=1) for k in range(count)])
    frames[10:30, :4] = 16
    frames[10:30, SIZE.height :] = 128
    frames[20:30, SIZE.height - 2 : SIZE.height] = 235
    return frames


def columns(measures: Mapping[str, Measure], frames: npt.NDArray[np.uint8], batch: int) -> dict[str, Column]:
    measuring = Measuring(measures, SIZE, batch)
    for planes in frames:
        measuring.add(planes)
    measuring.finish()
    return measuring.columns()


def test_the_batch_cannot_change_a_number() -> None:
    measures = load_recipe("sky").measures
    whole, parts = (columns(measures, pictures(70), batch) for batch in (64, 7))
    assert whole.keys() == parts.keys()
    for name in whole:
        np.testing.assert_array_equal(whole[name], parts[name], err_msg=name)


def test_a_measure_does_not_see_what_another_shares() -> None:
    measures = load_recipe("sky").measures
    together = columns(measures, pictures(40), 16)
    for name, measure in measures.items():
        for key, column in columns({name: measure}, pictures(40), 16).items():
            np.testing.assert_array_equal(column, together[key], err_msg=key)


def test_bars_are_counted_from_every_side() -> None:
    found = columns(load_recipe("sky").measures, pictures(40), 16)
    assert found["borders_top"][[9, 10, 25, 30]].tolist() == [0, 4, 4, 0]
    assert found["borders_bottom"][[9, 15, 25]].tolist() == [0, 0, 2]
    assert found["borders_left"].max() == found["borders_right"].max() == 0


def test_a_measure_that_loses_rows_is_named() -> None:
    with pytest.raises(TypeError, match=r"measures\.mine returned 15 rows of short_x for 16 frames"):
        columns({"mine": Short(name="short")}, pictures(40), 16)  # type: ignore[dict-item]
