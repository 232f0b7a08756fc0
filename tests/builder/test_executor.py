"""What becomes of work that takes too long, dies, or fails."""

from __future__ import annotations

import concurrent.futures
import os
import time
from collections.abc import Iterable
from concurrent.futures import Future

import pytest

from skyscene.builder.executor import LocalExecutor
from skyscene.records import Limits


def test_each_item_has_its_outcome_and_none_harms_another() -> None:
    items = ["a", "slow", "b"]
    outcomes = list(LocalExecutor(2).run(str.upper, items, Limits()))
    assert sorted(outcome.value or "" for outcome in outcomes) == ["A", "B", "SLOW"]


def test_no_item_is_lost_if_all_that_run_end_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine so busy that this process sleeps while every worker ends."""

    def late(futures: Iterable[Future[str]], return_when: str) -> object:
        return concurrent.futures.wait(futures)

    monkeypatch.setattr("skyscene.builder.executor.wait", late)
    outcomes = LocalExecutor(2).run(str.upper, list("abcdefghijk"), Limits())
    assert sorted(outcome.value or "" for outcome in outcomes) == list("ABCDEFGHIJK")


def test_a_worker_that_takes_too_long_is_ended() -> None:
    found = {o.item: o for o in LocalExecutor(2).run(time.sleep, [0.01, 60.0, 0.02], Limits(seconds=3))}
    assert found[60.0].code == "timeout" and "over 0.05 minutes" in (found[60.0].error or "")
    assert found[0.01].code is None and found[0.02].code is None


def test_a_worker_that_dies_is_replaced() -> None:
    found = {o.item: o for o in LocalExecutor(1).run(os._exit, [3], Limits())}
    assert found[3].code == "crash"


def test_an_error_is_an_outcome_with_its_name() -> None:
    (only,) = LocalExecutor(1).run(int, ["x"], Limits())
    assert only.code == "ValueError" and "invalid literal" in (only.error or "")


def test_memory_over_the_limit_is_said() -> None:
    (only,) = LocalExecutor(1).run(bytearray, [8 * 2**30], Limits(memory_mb=4096))
    assert only.code == "no-memory" and "of 4096 MiB" in (only.error or "")


def test_no_items_start_no_worker() -> None:
    assert list(LocalExecutor(2).run(str.upper, [], Limits())) == []
