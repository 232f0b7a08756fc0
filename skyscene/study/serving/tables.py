"""Raters, their visits and their trials, beside the votes in one file."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from skyscene.study.votes import connect

_TABLES = (
    """
    CREATE TABLE IF NOT EXISTS raters (
      rater TEXT PRIMARY KEY, link TEXT UNIQUE NOT NULL, study_sha TEXT NOT NULL, slot INTEGER NOT NULL,
      consented_at TEXT
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE IF NOT EXISTS visits (
      place INTEGER PRIMARY KEY AUTOINCREMENT,
      cookie TEXT UNIQUE NOT NULL, visit TEXT NOT NULL, rater TEXT NOT NULL
    )
    """,
    "CREATE INDEX IF NOT EXISTS visits_by_rater ON visits (rater)",
    """
    CREATE TABLE IF NOT EXISTS trials (
      rater TEXT NOT NULL, nonce TEXT NOT NULL, position INTEGER NOT NULL, shown REAL NOT NULL,
      PRIMARY KEY (rater, nonce)
    ) WITHOUT ROWID
    """,
)
_MOST_VISITS = 50


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks.

    Attributes:
        rater: Salted hash.
        slot: Whose order of pairs they see.
        consented: Whether they agreed to take part.
        visit: Opaque.
    """

    rater: str
    slot: int
    consented: bool
    visit: str


def hashed(token: str) -> str:
    """What is kept of a token: with 256 random bits in it, a plain hash cannot be turned round."""
    return hashlib.sha256(token.encode()).hexdigest()


def create_tables(path: Path) -> None:
    """Makes what is not there yet."""
    with connect(path) as connection:
        for statement in _TABLES:
            connection.execute(statement)


def rater_of_link(connection: sqlite3.Connection, token: str, study_sha: str) -> str | None:
    """Whose link it is."""
    row = connection.execute(
        "SELECT rater FROM raters WHERE link = ? AND study_sha = ?", (hashed(token), study_sha)
    ).fetchone()
    return row[0] if row else None


def add_visit(connection: sqlite3.Connection, cookie: str, visit: str, rater: str) -> None:
    """Opens a visit; a rater's oldest ones end where there are too many."""
    connection.execute(
        "INSERT INTO visits (cookie, visit, rater) VALUES (?, ?, ?)", (hashed(cookie), visit, rater)
    )
    connection.execute(
        "DELETE FROM visits WHERE rater = ? AND place NOT IN "
        "(SELECT place FROM visits WHERE rater = ? ORDER BY place DESC LIMIT ?)",
        (rater, rater, _MOST_VISITS),
    )


def visitor(connection: sqlite3.Connection, cookie: str, study_sha: str) -> Visitor | None:
    """Whose cookie it is."""
    row = connection.execute(
        "SELECT rater, slot, consented_at IS NOT NULL, visit FROM visits JOIN raters USING (rater) "
        "WHERE cookie = ? AND study_sha = ?",
        (hashed(cookie), study_sha),
    ).fetchone()
    return Visitor(row[0], row[1], bool(row[2]), row[3]) if row else None


def consent(connection: sqlite3.Connection, rater: str, at: str) -> None:
    """Keeps when a rater agreed for the first time."""
    connection.execute(
        "UPDATE raters SET consented_at = ? WHERE rater = ? AND consented_at IS NULL", (at, rater)
    )


def answered(connection: sqlite3.Connection, rater: str) -> int:
    """How many pairs a rater has answered: the place of the one that comes now, since they come in order."""
    count: int = connection.execute("SELECT count(*) FROM votes WHERE rater = ?", (rater,)).fetchone()[0]
    return count


def choice_of(connection: sqlite3.Connection, rater: str, pair_id: str) -> str | None:
    """What a rater has answered already."""
    row = connection.execute(
        "SELECT choice FROM votes WHERE rater = ? AND pair_id = ?", (rater, pair_id)
    ).fetchone()
    return row[0] if row else None


def begin_trial(connection: sqlite3.Connection, rater: str, nonce: str, position: int, now: float) -> None:
    """Keeps when a trial was handed out for the first time; a reload does not shorten an answer's time."""
    connection.execute("INSERT OR IGNORE INTO trials VALUES (?, ?, ?, ?)", (rater, nonce, position, now))


def trial_of(connection: sqlite3.Connection, rater: str, nonce: str) -> tuple[int, float] | None:
    """Place and time of a trial that this rater was handed."""
    row = connection.execute(
        "SELECT position, shown FROM trials WHERE rater = ? AND nonce = ?", (rater, nonce)
    ).fetchone()
    return (row[0], row[1]) if row else None
