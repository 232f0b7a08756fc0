"""Votes on disk: appended, never changed, each rater's answer to a pair once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields
from pathlib import Path

from skyscene.errors import StudyError
from skyscene.records import Vote
from skyscene.store import replacing

_COLUMNS = [field.name for field in fields(Vote)]
_TABLE = f"""
CREATE TABLE IF NOT EXISTS votes (
  place INTEGER PRIMARY KEY AUTOINCREMENT,
  {", ".join(_COLUMNS)},
  UNIQUE (rater, pair_id)
)
"""
_INSERT = f"INSERT INTO votes ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
_BUSY_SECONDS = 30.0


def open_votes(path: Path) -> sqlite3.Connection:
    """A connection in WAL mode that has every commit on the disk before it returns, outside a transaction.

    Raises:
        StudyError: The file cannot be opened or is no database.
    """
    try:
        connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
    except sqlite3.Error as error:
        raise StudyError(f"{path}: {error}") from None
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(_TABLE)
    except sqlite3.DatabaseError as error:
        connection.close()
        raise StudyError(f"{path}: {error}") from error
    return connection


@contextmanager
def connect(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection for one transaction: all that the block does or, if it raises, nothing.

    Raises:
        StudyError: The file cannot be opened or is no database.
    """
    connection = open_votes(path)
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
    except sqlite3.DatabaseError as error:
        raise StudyError(f"{path}: {error}") from error
    finally:
        connection.close()


def insert(connection: sqlite3.Connection, vote: Vote) -> bool:
    """Adds a vote in an open transaction; false if this rater has answered this pair before."""
    row = asdict(vote)
    try:
        connection.execute(_INSERT, [row[name] for name in _COLUMNS])
    except sqlite3.IntegrityError:
        return False
    return True


def add_votes(path: Path, votes: Iterable[Vote]) -> int:
    """Adds votes, all or none, and says how many.

    Raises:
        StudyError: A rater has answered a pair already, here or twice among these.
    """
    count = 0
    with connect(path) as connection:
        for vote in votes:
            if not insert(connection, vote):
                raise StudyError(f"{path}: rater {vote.rater} has answered pair {vote.pair_id} already")
            count += 1
    return count


def read_votes(path: Path) -> list[Vote]:
    """All votes in the order in which they came; none where no file is."""
    if not path.is_file():
        return []
    with connect(path) as connection:
        rows = connection.execute(f"SELECT {', '.join(_COLUMNS)} FROM votes ORDER BY place").fetchall()
    return [_vote(dict(zip(_COLUMNS, row, strict=True))) for row in rows]


def _vote(row: dict[str, object]) -> Vote:
    watched = row.pop("watched")
    return Vote(**row, watched=None if watched is None else bool(watched))  # type: ignore[arg-type]


def write_jsonl(votes: Iterable[Vote], to: Path) -> None:
    """Votes as a line of JSON each."""
    with replacing(to) as temporary:
        temporary.write_text("".join(json.dumps(asdict(vote)) + "\n" for vote in votes), encoding="utf-8")
