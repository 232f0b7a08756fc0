"""What is gained on a copied first frame: paired, clip by clip, over frames 8 to 31, better being above 0."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest
import torch

from skyscene.bench.contestant import Contestant
from skyscene.bench.results import ResultRow
from skyscene.bench.table import COPY, result_rows
from skyscene.metrics import Metric, metric

CLIPS, FRAMES = 12, 32
Values = npt.NDArray[np.float64]


@dataclass
class Scored:
    """Scores that were never measured."""

    values: dict[str, Values]

    @property
    def groups(self) -> list[str]:
        return [f"source {clip}" for clip in range(CLIPS)]

    def sums(self, row: str, spec_id: str) -> tuple[Values, Values]:
        return self.values[row], np.ones((CLIPS, FRAMES))


def rows(judged: Metric, **values: Values) -> dict[str, ResultRow]:
    scored = Scored({COPY: values.pop("copy"), **values})
    contestants = [Contestant(name, name, "model", lambda block: [torch.empty(0)]) for name in scored.values]
    found = result_rows(scored, contestants, [judged], {}, (1, FRAMES), {})  # type: ignore[arg-type]
    return {row.name: row for row in found}


@pytest.mark.parametrize(("name", "sign"), [("mse01", -1.0), ("ssim", 1.0)])
def test_a_gain_is_paired_and_of_the_late_frames_alone(name: str, sign: float) -> None:
    clip = np.arange(CLIPS, dtype=np.float64)[:, None]
    copy = np.broadcast_to(100.0 * clip, (CLIPS, FRAMES)).copy()
    better = copy + sign * 0.5
    better[:, :8] = copy[:, :8] - sign * 1e6  # before frame 8 it does not count
    found = rows(metric(name), copy=copy, better=better)
    assert found[COPY].cells[0].beyond_copy is None
    gained = found["better"].cells[0].beyond_copy
    assert gained is not None and gained.mean == pytest.approx(0.5) and gained.clips == CLIPS
    # Clips differ by hundreds and the difference is the same in all: unpaired, the interval would be wide.
    assert gained.low == pytest.approx(0.5) and gained.high == pytest.approx(0.5)


def test_its_interval_is_that_of_the_differences_mean() -> None:
    copy = np.ones((CLIPS, FRAMES))
    differences = np.arange(CLIPS) / 10 - 0.3
    found = rows(metric("mse01"), copy=copy, model=copy - differences[:, None])
    gained = found["model"].cells[0].beyond_copy
    assert gained is not None and gained.low is not None and gained.high is not None
    assert gained.mean == pytest.approx(differences.mean())
    error = differences.std() / np.sqrt(CLIPS)
    assert gained.low == pytest.approx(differences.mean() - 1.96 * error, abs=0.25 * error)
    assert gained.high == pytest.approx(differences.mean() + 1.96 * error, abs=0.25 * error)
