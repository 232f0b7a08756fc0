"""Waiting for the device belongs to a step, looking at val does not, and no stop loses time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from skyscene.bench.pace import Pace


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    now = [100.0]
    monkeypatch.setattr("skyscene.bench.pace.time.perf_counter", lambda: now[0])
    yield now


def test_steps_and_what_lies_between_them(clock: list[float]) -> None:
    pace = Pace(_began=clock[0])
    pace.go_on(steps=10, stepping=20.0, seconds=50.0)
    for _ in range(2):
        with pace.step():
            clock[0] += 3.0
    with pace.waiting():
        clock[0] += 2.0
    assert pace.lap() == 4.0, "eight seconds, two steps"
    clock[0] += 30.0  # a look at val
    with pace.step():
        clock[0] += 1.0
    assert pace.lap() == 1.0
    assert (pace.steps, pace.stepping, pace.so_far()) == (13, 29.0, 89.0)
