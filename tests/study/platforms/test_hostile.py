from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from skyscene.errors import StudyError
from skyscene.study.folder import StudyFolder
from skyscene.study.frozen import Study, read_study
from skyscene.study.platforms import PLATFORMS, import_votes, upload
from skyscene.study.platforms.platform import recognises
from skyscene.study.platforms.upload import read_upload
from skyscene.study.votes import read_votes
from tests.study.platforms import filled

QUICK = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\r\n \n", "is empty"),
        (b"pair_id,rater,choice\n", "holds no answers"),
        (b"pair_id,rater,choice\n,,\n\n", "holds no answers"),
        (PNG, "NUL byte"),
        (b"\x89PNG\r\n\x1a\n", ":1: not UTF-8"),
        ("pair_id,rater,choice\na,Jos\u00e9,left\n".encode("latin-1"), ":2: not UTF-8"),
        ("pair_id,rater,choice\na,b,left\n".encode("utf-16"), "no text"),
        (b"pair_id,rater,choice\na,b\0,left\n", "NUL byte"),
        (b"pair_id,rater,choice\na,b\n", ":2: 2 cells, but the header has 3"),
        (b"pair_id,rater,choice\na,b,left,more\n", ":2: 4 cells, but the header has 3"),
        (b"pair_id,rater,choice,rater\na,b,left,c\n", "the header has 'rater' twice"),
        (b'pair_id,rater,choice\na,"b,left\nc,d,left\n', "broken CSV"),
        (b"pair_id,rater,choice\na," + b"x" * 200_000 + b",left\n", "broken CSV: field larger"),
        (b"[]", "holds no answers"),
        (b"{}", "a list of objects is expected"),
        (b"[1]", ":1: an object is expected"),
        (b'[{"a": 1}\n{"a": 1}]', "does not end well"),
        (b'[{"a": 1},]', "does not end well"),
        (b'[{"a": 1},', "broken JSON"),
        (b'[{"a": 1}] []', "something follows"),
        (b'[{"a": 1}, \n\n{"a" 1}]', ":3: broken JSON"),
        (b'[{"a": NaN}]', "NaN is no number"),
        (b'[{"a": ' + b"9" * 5000 + b"}]", "broken JSON"),
        (b'[{"a": ' + b"[" * 100_000, "nested too deep"),
        (b'{"a":' * 100_000, "a list of objects"),
    ],
)
def test_files_that_are_none(study: StudyFolder, tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "results"
    path.write_bytes(data)
    with pytest.raises(StudyError) as caught:
        import_votes(study, path)
    assert message in str(caught.value) and str(path) in str(caught.value)
    assert not study.votes.exists()


def test_places_that_are_no_files(study: StudyFolder, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "none.csv", tmp_path / "pipe"):
        with pytest.raises(StudyError, match="is no file"):
            import_votes(study, path)


def test_a_file_that_is_too_large(
    study: StudyFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = filled.csv_rows(study)
    path = tmp_path / "votes.csv"
    path.write_bytes(filled.sheet(list(rows[0]), rows))
    assert upload.LARGEST == 100_000_000
    monkeypatch.setattr(upload, "LARGEST", path.stat().st_size - 1)
    with pytest.raises(StudyError, match="is larger than"):
        import_votes(study, path)
    monkeypatch.setattr(upload, "LARGEST", path.stat().st_size)
    assert import_votes(study, path).votes == 18


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_csv_as_spreadsheets_write_it(
    study: StudyFolder, tmp_path: Path, delimiter: str, ending: str, mark: str
) -> None:
    rows = filled.csv_rows(study)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter, lineterminator=ending)
    writer.writeheader()
    writer.writerows(rows)
    (tmp_path / "votes.csv").write_bytes((mark + text.getvalue() + ending).encode())
    assert import_votes(study, tmp_path / "votes.csv").votes == 18
    assert read_votes(study.votes)[0].rt_ms == 4310


def test_lines_are_counted_through_cells_of_several_lines(study: StudyFolder, tmp_path: Path) -> None:
    rows = filled.csv_rows(study)
    for row in rows:
        row["note"] = "one\ntwo\nthree"
    rows[2]["choice"] = "neither"
    (tmp_path / "votes.csv").write_bytes(filled.sheet(list(rows[0]), rows))
    with pytest.raises(StudyError, match=r"votes\.csv:8: 'neither'"):
        import_votes(study, tmp_path / "votes.csv")


def test_a_message_cannot_play_tricks_on_a_terminal(study: StudyFolder, tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    path.write_text(f"pair_id,rater,choice\n\x1b[2J\u202e{'x' * 500},a,left\n", encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        import_votes(study, path)
    assert "\x1b" not in str(caught.value) and "\u202e" not in str(caught.value)
    assert len(str(caught.value).removeprefix(str(path))) < 120


def whatever(path: Path, data: bytes, frozen: Study) -> None:
    """Reads and parses, whatever comes: an answer, a list of problems, or a StudyError, and nothing else."""
    path.write_bytes(data)
    try:
        read = read_upload(path)
    except StudyError:
        return
    for platform in PLATFORMS.values():
        if recognises(platform, read):
            platform.parse(read, frozen)


cells = st.text(max_size=12) | st.sampled_from(
    ["left", "1e999", "-0", "\ud7ff", "null", "NaN", "[[[", '"', "=1"]
)
COLUMNS = """
pair_id rater choice rt_ms watched shown_at block study_sha response rt trial_type trial_index HITId
AssignmentId WorkerId AssignmentStatus Input.pair_id Answer.taskAnswers Answer.choice Reject
"""
KEYS = """
data annotations question_id model_a model_b winner judge tstamp pair_id response rt trial_type trial_index
"""
INNER = "id result value type selected choices completed_by lead_time pair_id slot"
header = st.lists(st.sampled_from(COLUMNS.split()), unique=True, min_size=1)


@QUICK
@given(data=st.binary(max_size=300))
@example(data=b'"')
@example(data=b"\n\n\x0b[")
@example(data=b"[" * 200_000)
def test_any_bytes(study: StudyFolder, data: bytes) -> None:
    whatever(study.root / "any", data, read_study(study))


@QUICK
@given(
    head=header,
    rows=st.lists(st.lists(cells, max_size=19), max_size=5),
    delimiter=st.sampled_from(",;\t"),
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_any_table(
    study: StudyFolder, head: list[str], rows: list[list[str]], delimiter: str, ending: str, quoting: Any
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=ending, quoting=quoting)
    writer.writerows([head, *((row + [""] * len(head))[: len(head)] for row in rows)])
    whatever(study.root / "any", text.getvalue().encode("utf-8", "replace"), read_study(study))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("left"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(INNER.split()),
            inner,
        )
    ),
    max_leaves=12,
)


@QUICK
@given(rows=st.lists(st.dictionaries(st.sampled_from(KEYS.split()), values), min_size=1, max_size=4))
def test_any_list_of_objects(study: StudyFolder, rows: list[dict[str, object]]) -> None:
    frozen = read_study(study)
    # Every key once at least, so that every platform of JSON tries its luck.
    everything = [dict.fromkeys(KEYS.split()), *rows]
    path = study.root / "any"
    data = (
        json.dumps(everything).replace("NaN", "1e999").replace("-Infinity", "-1").replace("Infinity", "1e999")
    )
    path.write_bytes(data.encode())
    read = read_upload(path)
    assert sum(recognises(platform, read) for platform in PLATFORMS.values()) == 3
    whatever(path, data.encode(), frozen)


@QUICK
@given(cell=cells, column=st.sampled_from(COLUMNS.split()[:8]))
def test_any_cell_in_a_good_table(study: StudyFolder, cell: str, column: str) -> None:
    rows = [dict(filled_rows(study)[0])]
    rows[0][column] = cell
    path = study.root / "votes.csv"
    path.write_bytes(filled.sheet(list(rows[0]), rows))
    study.votes.unlink(missing_ok=True)
    try:
        done = import_votes(study, path)
    except StudyError:
        assert not study.votes.exists()
    else:
        assert done.votes == len(read_votes(study.votes)) == 1


_ROWS: dict[Path, list[dict[str, Any]]] = {}


def filled_rows(study: StudyFolder) -> list[dict[str, Any]]:
    """The same rows for all examples of a test, made once."""
    if study.root not in _ROWS:
        _ROWS[study.root] = filled.csv_rows(study)
    return _ROWS[study.root]
