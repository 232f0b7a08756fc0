"""A link for each rater: made, counted and forgotten."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from skyscene.errors import StudyError
from skyscene.study.folder import StudyFolder
from skyscene.study.frozen import read_study
from skyscene.study.key import read_key
from skyscene.study.serving.tables import create_tables, hashed
from skyscene.study.tasks import read_blocks
from skyscene.study.votes import connect, open_votes

_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was removed of a rater.

    Attributes:
        rater: Who it was.
        visits: How many visits.
        votes: How many votes.
    """

    rater: str
    visits: int
    votes: int


def make_links(folder: StudyFolder, raters: int, base_url: str) -> list[str]:
    """Addresses to hand out, one a rater; they cannot be shown again, since only their hashes are kept.

    Every link leads to the slot with the fewest links, the first of them where several have as few.

    Args:
        folder: The study.
        raters: How many.
        base_url: What they begin with, as ``https://study.example.org``.

    Raises:
        StudyError: It is no study.
    """
    if raters < 1:
        raise StudyError(f"--raters {raters}: at least one")
    study, secret = read_study(folder), read_key(folder.key).secret
    slots = len(read_blocks(folder))
    tokens = [secrets.token_urlsafe(_TOKEN_BYTES) for _ in range(raters)]
    create_tables(folder.votes)
    with connect(folder.votes) as connection:
        used = [0] * slots
        rows = connection.execute("SELECT slot FROM raters WHERE study_sha = ?", (study.sha,))
        for (slot,) in rows.fetchall():
            used[slot] += 1
        for token in tokens:
            slot = used.index(min(used))
            used[slot] += 1
            connection.execute(
                "INSERT INTO raters (rater, link, study_sha, slot) VALUES (?, ?, ?, ?)",
                (secret.rater(token), hashed(token), study.sha, slot),
            )
    return [f"{base_url}/r/{token}" for token in tokens]


def count_links(folder: StudyFolder) -> int:
    """How many links of this study were made and not forgotten."""
    create_tables(folder.votes)
    with connect(folder.votes) as connection:
        rows = connection.execute(
            "SELECT count(*) FROM raters WHERE study_sha = ?", (read_study(folder).sha,)
        )
        count: int = rows.fetchone()[0]
        return count


def forget_rater(folder: StudyFolder, who: str) -> Forgotten:
    """Removes a rater's link, visits, trials and votes, also from the free space of the file and from text.

    A server may run meanwhile: the rater's page then asks for a link.

    Args:
        folder: The study.
        who: The link, the token in it, or the rater's id as it stands in the votes.

    Raises:
        StudyError: There is no such rater.
    """
    token = who.rstrip("/").rpartition("/")[2]
    by_link = read_key(folder.key).secret.rater(token)
    create_tables(folder.votes)
    connection = open_votes(folder.votes)
    try:
        known = connection.execute("SELECT 1 FROM raters WHERE rater = ?", (by_link,)).fetchone()
        rater = by_link if known or not who.startswith("r_") else who
        connection.execute("PRAGMA secure_delete=ON")  # not every build of SQLite does it by itself
        connection.execute("BEGIN IMMEDIATE")
        counts = {
            table: connection.execute(f"DELETE FROM {table} WHERE rater = ?", (rater,)).rowcount
            for table in ("raters", "visits", "trials", "votes")
        }
        connection.execute("COMMIT")
        # The log of the database still holds what it held before.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
    folder.lines.unlink(missing_ok=True)
    if not counts["raters"] and not counts["votes"]:
        # The link itself must not end up in a terminal's history or a log.
        raise StudyError(
            f"{folder.votes} knows no such rater: give the whole link, or an id such as r_6d1e..."
        )
    return Forgotten(rater, counts["visits"], counts["votes"])
