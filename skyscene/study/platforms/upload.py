"""A file of results, whoever made it: read with suspicion, into rows with their lines."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from skyscene.errors import StudyError

LARGEST = 100_000_000
"""Bytes; 200 raters of 100 votes each come to some 20 MB with everything that MTurk adds."""
_DELIMITERS = (",", ";", "\t")
_HEADER = 100_000
_SPACE = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True)
class Upload:
    """A file as rows.

    Attributes:
        path: Where it lies.
        kind: What it is.
        columns: Its header; of JSON, the keys of all objects in its list.
        rows: Values with the line of a CSV file where they begin, or their number in a JSON list, from 1.
        lines: Where each object of a JSON list begins; many programs write all of them into one line.
    """

    path: Path
    kind: Literal["csv", "json"]
    columns: frozenset[str]
    rows: tuple[tuple[int, Mapping[str, Any]], ...]
    lines: tuple[int, ...] = ()

    def place(self, number: int) -> str:
        """File and line of a row, and its number where that says more."""
        return (
            f"{self.path}:{self.lines[number - 1]}: item {number}" if self.lines else f"{self.path}:{number}"
        )

    def near(self, number: int) -> str:
        """Another row of the same file, in words."""
        return f"item {number}" if self.lines else f"line {number}"


def read_upload(path: Path) -> Upload:
    """The rows of a CSV file with a header, or of a JSON list of objects.

    Raises:
        StudyError: It is not there, too large, not text, or none of the two.
    """
    text = _text(path)
    try:
        if text.lstrip()[:1] in ("[", "{"):
            found = list(_objects(text))
            rows = tuple(enumerate((row for _, row in found), 1))
            upload = Upload(path, "json", _keys(rows), rows, tuple(line for line, _ in found))
        else:
            rows = tuple(_records(text))
            upload = Upload(path, "csv", _keys(rows), rows)
    except _Fault as fault:
        raise StudyError(f"{path}:{fault.line}: {fault}") from None
    if not rows:
        raise StudyError(f"{path} holds no answers")
    return upload


def _keys(rows: Iterable[tuple[int, Mapping[str, Any]]]) -> frozenset[str]:
    return frozenset(key for _, row in rows for key in row)


class _Fault(Exception):
    """What is wrong with a file, and in which line."""

    def __init__(self, line: int, message: str) -> None:
        self.line = line
        super().__init__(message)


def _text(path: Path) -> str:
    try:
        # A pipe would be waited for without an end.
        if not path.is_file():
            raise StudyError(f"{path} is no file")
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise StudyError(f"{path} cannot be read: {error}") from None
    if len(data) > LARGEST:
        raise StudyError(f"{path} is larger than {LARGEST // 1_000_000} MB: split it")
    if b"\0" in data:
        raise StudyError(f"{path} is no text: it has a NUL byte")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise StudyError(f"{path}:{line}: not UTF-8 text; save it as UTF-8") from None
    if not text.strip():
        raise StudyError(f"{path} is empty")
    return text


def _records(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Records of a CSV text; the delimiter is the one that gives its header the most columns."""
    first = text.lstrip()[:_HEADER].partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    # Strict: a quote that nothing closes would otherwise swallow all lines after it.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if header:
                    yield line, _record(line, header, cells)
                else:
                    header = _header(line, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        raise _Fault(line, f"broken CSV: {error}") from None


def _header(line: int, cells: list[str]) -> list[str]:
    header = [cell.strip() for cell in cells]
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise _Fault(line, f"the header has {shown(twice[0])} twice")
    return header


def _record(line: int, header: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) != len(header):
        raise _Fault(line, f"{len(cells)} cells, but the header has {len(header)}")
    return dict(zip(header, cells, strict=True))


def _objects(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Objects of a JSON list one by one, for the sake of their lines."""
    decoder = json.JSONDecoder(parse_constant=_refuse)
    place, line, counted = _after(text, 0), 1, 0
    if text[place] != "[":
        raise _Fault(1, "a list of objects is expected, not a single one")
    place = _after(text, place + 1)
    while text[place : place + 1] != "]":
        line, counted = line + text.count("\n", counted, place), place
        try:
            value, place = decoder.raw_decode(text, place)
        except RecursionError:
            raise _Fault(line, "nested too deep") from None
        except ValueError as error:
            at = text.count("\n", 0, error.pos) + 1 if isinstance(error, json.JSONDecodeError) else line
            raise _Fault(at, f"broken JSON: {getattr(error, 'msg', error)}") from None
        if not isinstance(value, dict):
            raise _Fault(line, f"an object is expected, not {shown(value)}")
        yield line, value
        place = _after(text, place)
        if text[place : place + 1] == ",":
            place = _after(text, place + 1)
            if text[place : place + 1] != "]":
                continue
        elif text[place : place + 1] == "]":
            continue
        raise _Fault(text.count("\n", 0, place) + 1, "broken JSON: the list does not end well")
    if text[place + 1 :].strip():
        raise _Fault(text.count("\n", 0, place) + 1, "broken JSON: something follows the list")


def _after(text: str, place: int) -> int:
    match = _SPACE.match(text, place)
    return match.end() if match else place


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number of JSON")


def shown(value: object) -> str:
    """A value of a file for a message: short, and unable to play tricks on a terminal.

    >>> shown("a" * 100)
    "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa..."
    """
    text = ascii(value) if isinstance(value, str | int | float | bool | None) else type(value).__name__
    return text if len(text) <= 41 else text[:38] + "..."
