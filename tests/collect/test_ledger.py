from datetime import UTC, datetime, timedelta, timezone

import pytest

from skyscene.collect import Attempt, Ledger
from skyscene.collect.ledger import later, stamp
from skyscene.errors import StoreError

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def attempt(ref_id="a", code="ok", **more):
    return Attempt(stamp(NOON), ref_id, f"url:http://h/{ref_id}", code, **more)


def test_what_was_written_is_read_again(tmp_path):
    path = tmp_path / "data" / "ledger.jsonl"
    first = attempt(code="network", message="no\nroute ☁ \udcff", next_try=later(NOON, 60))
    second = attempt(bytes=7, sha256="ab", format="136", tool="2026.10.26")
    ledger = Ledger(path)
    for line in (first, attempt("b", "gone"), second):
        ledger.add(line)
    assert path.read_text().count("\n") == 3
    for book in (ledger, Ledger(path)):
        assert book.last("a") == second and book.last("c") is None
        assert [one.ref_id for one in book.states()] == ["a", "b"]


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_line_torn_by_a_kill_is_passed_over_and_the_next_is_whole(cut, tmp_path):
    path = tmp_path / "ledger.jsonl"
    Ledger(path).add(attempt("a"))
    Ledger(path).add(attempt("b"))
    path.write_bytes(path.read_bytes()[:-cut])
    ledger = Ledger(path)
    assert ledger.last("a") is not None
    assert ledger.torn == (1 if cut > 1 else 0)
    ledger.add(attempt("c"))
    assert Ledger(path).last("c") == attempt("c")
    assert Ledger(path).torn == ledger.torn


@pytest.mark.parametrize(
    "line", [b"\0\0\0", b"7", b"[]", b'{"time": 1}', b'{"ref_id": "a", "next_try": 3}', b"\xff"]
)
def test_lines_that_are_none_of_ours_are_passed_over(line, tmp_path):
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(line + b"\n")
    Ledger(path).add(attempt("a"))
    assert Ledger(path).last("a") == attempt("a") and Ledger(path).torn == 1


def test_a_column_of_a_later_version_is_passed_over(tmp_path):
    path = tmp_path / "ledger.jsonl"
    Ledger(path).add(attempt("a"))
    path.write_text(path.read_text().replace("{", '{"new": 1, ', 1))
    assert Ledger(path).last("a") == attempt("a")


def test_when_a_reference_is_due(tmp_path):
    ledger = Ledger(tmp_path / "ledger.jsonl")
    assert ledger.due("a", NOON)
    ledger.add(attempt(code="network", next_try=later(NOON, 60)))
    assert not ledger.due("a", NOON + timedelta(seconds=59))
    assert ledger.due("a", NOON + timedelta(seconds=60))
    assert ledger.due("a", (NOON + timedelta(seconds=60)).astimezone(timezone(timedelta(hours=5))))
    ledger.add(attempt(code="gone"))
    assert not ledger.due("a", NOON + timedelta(days=4000))
    ledger.add(attempt(code="ok"))
    assert ledger.due("a", NOON)


def test_failures_in_a_row(tmp_path):
    ledger = Ledger(tmp_path / "ledger.jsonl")
    for code, failures in [("network", 1), ("gone", 2), ("ok", 0), ("network", 1)]:
        ledger.add(attempt(code=code))
        assert ledger.failures("a") == Ledger(ledger.path).failures("a") == failures


def test_waits_grow_are_spread_and_have_an_end(downloader):
    settings = downloader(wait_minutes=1, wait_blocked_minutes=60, wait_max_hours=10)
    for failures, least in [(1, 60), (2, 120), (5, 960), (100, 36000)]:
        waits = {settings.wait_seconds(f"ref{n}", "network", failures) for n in range(50)}
        assert len(waits) == 50 and least <= min(waits) and max(waits) < least * 1.5
    assert 3600 <= settings.wait_seconds("a", "bot-wall", 1) < 5400
    assert settings.wait_seconds("a", "network", 3) == settings.wait_seconds("a", "network", 3)


def test_a_ledger_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"ledger\.jsonl"):
        Ledger(tmp_path / "file" / "ledger.jsonl").add(attempt())
    with pytest.raises(StoreError):
        Ledger(tmp_path)
