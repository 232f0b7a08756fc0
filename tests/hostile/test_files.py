"""Every odd file is a row with the line that the table promises, and the others are built."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from skyscene.builder import verify
from skyscene.cli.lines import shown
from tests.hostile.cases import CUTS, FILES, NAMES, has_encoder
from tests.hostile.conftest import Done, Here, skyscene
from tests.hostile.table import ROWS, Row


def row_at(done: Done, path: Path) -> dict[str, Any]:
    """A source's row; in its path bytes that are no text are spelt out."""
    text = str(path).encode("utf-8", "backslashreplace").decode()
    (row,) = [row for row in done.table("sources") if row["path"] == text]
    return row


def lines_on(done: Done, path: Path) -> list[str]:
    return [line for line in done.err.splitlines() if f": {shown(str(path))}: " in line]


def check(row: Row, done: Done, path: Path) -> None:
    """The line, the status and the reason in the index, and what is kept."""
    printed, source = lines_on(done, path), row_at(done, path)
    assert len(printed) == (1 if row.says else 0) and not row.missing("\n".join(printed)), printed
    assert source["status"] == row.status
    assert (source["reason"] is None) == (row.status == "done")
    assert row.status == "done" or not row.missing(source["reason"])
    kept = [c for c in done.table("clips") if c["source_id"] == source["source_id"] and c["kept"]]
    assert (source["frames"] or 0, len(kept)) == (row.number("frames?"), row.number("clips?"))
    size = row.kept.partition(" of ")[2]
    assert not size or {f"{clip['width']}x{clip['height']}" for clip in kept} == {size}


@pytest.mark.parametrize("name", FILES)
def test_odd_file(name: str, odd_set: Done, odd_sources: Path) -> None:
    if not has_encoder(name):
        pytest.skip("needs an encoder that this build lacks")
    check(ROWS[name], odd_set, odd_sources / FILES[name][0])


@pytest.mark.parametrize("place", CUTS)
def test_cut_off(place: str, odd_set: Done, odd_sources: Path) -> None:
    name, file, _ = CUTS[place]
    check(ROWS[name], odd_set, odd_sources / file)


@pytest.mark.parametrize("name", NAMES)
def test_name(name: str, odd_set: Done, odd_sources: Path) -> None:
    check(ROWS[name], odd_set, odd_sources / NAMES[name])


KINDS = {
    "a pipe": "pipe.mp4",
    "a device": "device.mp4",
    "a link to nothing": "nowhere.mp4",
    "a link to itself": "loop.mp4",
}


@pytest.mark.parametrize("name", KINDS)
def test_no_file(name: str, odd_set: Done, odd_sources: Path) -> None:
    path = odd_sources / "kinds" / KINDS[name]
    (line,) = lines_on(odd_set, path)
    assert not ROWS[name].missing(line), line
    reasons = [row["reason"] for row in odd_set.table("sources") if row["status"] == ROWS[name].status]
    assert line.partition(f"{path}: ")[2] in reasons


@pytest.mark.parametrize(
    ("name", "others"),
    [("two names for one file", ("-dash.mp4", "hard.mp4")), ("a copy", ("%03d.mp4", "copy.mp4"))],
)
def test_one_source_under_two_names(
    name: str, others: tuple[str, str], odd_set: Done, odd_sources: Path
) -> None:
    one, other = row_at(odd_set, odd_sources / others[0]), row_at(odd_set, odd_sources / "kinds" / others[1])
    owner = min(one["ref_id"], other["ref_id"])
    assert one["source_id"] == other["source_id"] and one["status"] == other["status"] == ROWS[name].status
    assert {one["duplicate_of"], other["duplicate_of"]} == {None, owner}
    kept = [c for c in odd_set.table("clips") if c["source_id"] == one["source_id"]]
    assert len(kept) == ROWS[name].number("clips") == 2


def test_all_the_rest_is_built_and_every_promise_holds(odd_set: Done, odd_sources: Path) -> None:
    assert odd_set.code == 0 and odd_set.folder is not None
    sources = odd_set.table("sources")
    files = [name for name in odd_sources.rglob("*.*") if not name.is_dir()]
    assert len(sources) == len(files)
    assert all(row["reason"] for row in sources if row["status"] != "done")
    failed = sum(row["status"] != "done" for row in sources)
    assert (
        f"{failed} sources yielded nothing: column reason of {odd_set.folder}/sources.parquet" in odd_set.out
    )
    assert sum(line.startswith("failed: ") for line in odd_set.err.splitlines()) == failed
    assert os.listdir(odd_set.folder / "clips")
    assert verify(odd_set.folder, executor=Here()).faults == ()


def test_the_rest_of_the_chain_runs_on_it(odd_set: Done, tmp_path: Path) -> None:
    assert odd_set.folder is not None
    out = shutil.copytree(odd_set.folder, tmp_path / "sky")
    for words in (("split", out, "--by-source"), ("report", out)):
        done = skyscene(*words)
        assert done.code == 0, done.err
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "<img src=x" not in page and "onerror=alert(1)" in page
    for layout in ("official", "npz"):
        done = skyscene("export", out, "--format", layout, "--to", tmp_path / layout)
        assert done.code == 0, done.err
    assert any((tmp_path / "official" / "sky_train").iterdir())


def test_no_line_obeys_a_name(odd_set: Done) -> None:
    assert "\x1b" not in odd_set.err and "\udcff" not in odd_set.err
