"""A build from addresses, against a server on loopback, with the real downloader."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from skyscene.builder import build, verify

QUICK = [
    "download.sleep_requests=0",
    "download.sleep_min=0",
    "download.sleep_max=0",
    "download.retries=0",
    "download.retry_sleep=0",
]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def server(films: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(films))) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


def test_addresses_are_fetched_once_and_what_is_gone_is_a_row(
    server: str, films: Path, plain: str, here: Any, tmp_path: Path
) -> None:
    addresses = [f"{server}/a.mp4", f"{server}/none.mp4", str(films / "same.mp4")]
    report = build(addresses, tmp_path / "set", recipe=plain, set=QUICK, executor=here)
    rows = {
        row["url"] or row["path"]: row for row in pq.read_table(report.folder / "sources.parquet").to_pylist()
    }
    fetched = rows[f"{server}/a.mp4"]
    assert fetched["status"] == "done" and fetched["frames"] == 100
    assert Path(fetched["path"]).read_bytes() == (films / "a.mp4").read_bytes()
    assert rows[f"{server}/none.mp4"]["status"] == "missing"
    assert rows[f"{server}/none.mp4"]["reason"].startswith("gone: ")
    # The same bytes on disk are a duplicate of the download, or it of them.
    assert rows[str(films / "same.mp4")]["source_id"] == fetched["source_id"]
    assert report.funnel.kept == 3 and report.funnel.duplicates == 1
    ledger = (report.folder / "ledger.jsonl").read_text().splitlines()
    again = build(addresses, tmp_path / "set", recipe=plain, set=QUICK, executor=here)
    assert again.built == 0
    assert (report.folder / "ledger.jsonl").read_text().splitlines() == ledger


def test_a_removed_reference_loses_its_clips(films: Path, plain: str, here: Any, tmp_path: Path) -> None:
    out = tmp_path / "set"
    build(films, out, recipe=plain, executor=here)
    gone = films / "b.mp4"
    (out / "removed.txt").write_text(f"file:{gone}\n")
    report = build(films / "a.mp4", out, recipe=plain, executor=here)
    removed = [
        row for row in pq.read_table(out / "sources.parquet").to_pylist() if row["status"] == "removed"
    ]
    assert len(removed) == 1 and report.funnel.kept == 5
    assert verify(out, executor=here).faults == ()


def test_a_file_that_went_away_keeps_its_clips_and_one_that_changed_does_not(
    films: Path, plain: str, here: Any, tmp_path: Path
) -> None:
    folder, out = tmp_path / "films", tmp_path / "set"
    folder.mkdir()
    for name in ("a.mp4", "b.mp4"):
        (folder / name).write_bytes((films / name).read_bytes())
    listed = tmp_path / "list.txt"
    listed.write_text(f"{folder}/a.mp4\n{folder}/b.mp4\n")
    first = build(listed, out, recipe=plain, executor=here)
    (folder / "a.mp4").unlink()
    (folder / "b.mp4").write_bytes((films / "cut.mp4").read_bytes())
    second = build(listed, out, recipe=plain, executor=here)
    assert first.funnel.kept == 5 and second.funnel.kept == 3 + 2 and second.built == 1
    assert verify(out, executor=here).faults == ()
