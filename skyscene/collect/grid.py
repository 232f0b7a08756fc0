"""Files of text cells: delimited tables, Parquet tables and plain lists, with the line of every row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from skyscene.errors import ManifestError

DELIMITERS = (",", ";", "\t")

_QUOTED = re.compile(r'"[^"]*"')
_COMMENT = re.compile(r"(^|\s)#.*$")


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of text.

    Attributes:
        columns: Names in lower case, in the file's order.
        foreign: Whether the file holds bytes that are no UTF-8.
        rows: Line number, and either the cells by column or what is wrong with the row.
    """

    columns: tuple[str, ...]
    rows: Iterator[tuple[int, dict[str, str] | str]]
    foreign: bool = False


def decode(data: bytes) -> str:
    r"""The text of a file: UTF-8, or UTF-16 with its mark; bytes that are neither are kept as surrogates.

    >>> decode(b"\xef\xbb\xbfid")
    'id'
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "surrogateescape")


def read_text(path: Path) -> str:
    """The text of a file, as `decode` gives it.

    Raises:
        ManifestError: It is no text.
        OSError: The file cannot be read.
    """
    text = decode(path.read_bytes())
    if "\0" in text:
        raise ManifestError(f"{path}: not a text file (it has zero bytes in it); save it as CSV in UTF-8")
    return text


def is_foreign(text: str) -> bool:
    """Whether bytes that are no UTF-8 were met in a text.

    >>> is_foreign(decode("wölkchen".encode("latin-1"))), is_foreign("wölkchen")
    (True, False)
    """
    return any("\udc80" <= character <= "\udcff" for character in text)


def delimiter(header: str) -> str:
    """The delimiter that is most often in a header line, outside quotes; a comma where none is.

    >>> delimiter('video_id;official_split;"a,b,c"')
    ';'
    """
    return max(DELIMITERS, key=_QUOTED.sub("", header).count)


def read_delimited(path: Path) -> Grid:
    """The table in a CSV or TSV file.

    Raises:
        ManifestError: No header line, or a column named twice.
        OSError: The file cannot be read.
    """
    text = read_text(path)
    header_line = next((line for line in text.splitlines() if line.strip()), None)
    if header_line is None:
        raise ManifestError(f"{path}: is empty")
    try:
        mark = "\t" if path.suffix.lower() == ".tsv" else delimiter(header_line)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
        header = next(cells for cells in reader if any(cell.strip() for cell in cells))
    except csv.Error as error:
        raise ManifestError(f"{path}:1: {_plain(error)}") from None
    columns = _columns(header, path)
    return Grid(columns, _cells(reader, reader.line_num, columns, path), is_foreign(text))


def _cells(
    reader: Iterator[list[str]], line: int, columns: tuple[str, ...], path: Path
) -> Iterator[tuple[int, dict[str, str] | str]]:
    """The rows below the header; blank ones are left out, a quoted line break moves the count on."""
    wide = len(columns)
    try:
        for cells in reader:
            start, line = line + 1, reader.line_num  # type: ignore[attr-defined]
            if len(cells) > wide and any(cells[wide:]):
                yield start, f"{len(cells)} cells, but {wide} columns; quote a cell that holds the delimiter"
            elif any(cells):
                row = dict(zip(columns, cells, strict=False))
                for name in columns[len(cells) :]:
                    row[name] = ""
                yield start, row
    except csv.Error as error:
        raise ManifestError(f"{path}:{line + 1}: {_plain(error)}") from None


def _plain(error: csv.Error) -> str:
    """The fault of a quoted cell in words that help."""
    text = str(error)
    if "unexpected end of data" in text:
        return 'a quote (") opens here and is never closed'
    if "expected after" in text:
        return 'text after a closing quote; inside a quoted cell a quote is written twice ("")'
    return text


def _columns(header: list[str], path: Path) -> tuple[str, ...]:
    names = tuple(name.strip().lower() or f"column_{index}" for index, name in enumerate(header, 1))
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ManifestError(f"{path}: column {', '.join(twice)} is there twice")
    return names


def read_parquet(path: Path) -> Grid:
    """The table in a Parquet file; rows are counted from 1.

    Raises:
        ManifestError: Not a Parquet file, or a column named twice.
        OSError: The file cannot be read.
    """
    import pyarrow
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.read_table(path)
    except pyarrow.ArrowException as error:
        raise ManifestError(f"{path}: not a Parquet table: {str(error).splitlines()[0]}") from None
    columns = _columns(table.column_names, path)
    texts = [[_text(value) for value in column.to_pylist()] for column in table.columns]

    def rows() -> Iterator[tuple[int, dict[str, str] | str]]:
        for number, cells in enumerate(zip(*texts, strict=True), 1):
            yield number, dict(zip(columns, cells, strict=True))

    return Grid(columns, rows())


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return "" if value is None else str(value)


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a plain list, without blank ones; ``#`` first or after a blank starts a comment.

    Raises:
        ManifestError: It is no text.
        OSError: The file cannot be read.
    """
    for number, line in enumerate(read_text(path).replace("\r\n", "\n").split("\n"), 1):
        text = _COMMENT.sub("", line).strip()
        if text:
            yield number, text
