"""A plain CSV file: for whoever has a page of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from skyscene.study.folder import StudyFolder
from skyscene.study.frozen import Study
from skyscene.study.platforms.cells import moment, text, truth, whole
from skyscene.study.platforms.plan import SHORT, Planned
from skyscene.study.platforms.platform import Parsed, RawVote, Verified, collect
from skyscene.study.platforms.sheet import write_sheet
from skyscene.study.platforms.upload import Upload

_COLUMNS = ("pair_id", "show", "left", "right", "slot", "position", "study_sha")


class Csv:
    """``pairs.csv`` out; in, a row a vote: ``pair_id``, ``rater``, ``choice``, and what else is known."""

    name = "csv"
    kinds = frozenset({"csv"})
    needs = frozenset({"pair_id", "rater", "choice"})
    verified: Verified = "our own format"
    source = "columns are named as the fields of a vote"
    meets_again = False

    def write(self, folder: StudyFolder, study: Study, slots: Sequence[Sequence[Planned]]) -> list[Path]:
        """Writes ``pairs.csv``, a row a planned vote."""
        path = folder.exports / "pairs.csv"
        rows = [
            (vote.pair_id, vote.show, vote.left, vote.right, vote.slot, vote.position, study.sha[:SHORT])
            for slot in slots
            for vote in slot
        ]
        write_sheet(path, _COLUMNS, rows)
        return [path]

    def parse(self, upload: Upload, study: Study) -> Parsed:
        """A vote of every row."""
        return collect(upload.rows, _vote)


def _vote(line: int, row: Mapping[str, Any]) -> RawVote:
    block = whole(row, "block")
    return RawVote(
        line,
        pair_id=text(row, "pair_id"),
        rater=text(row, "rater"),
        choice=text(row, "choice").lower() or None,
        study=text(row, "study"),
        study_sha=text(row, "study_sha"),
        session=text(row, "session"),
        block=whole(row, "slot") if block is None else block,
        position=whole(row, "position"),
        **measured(row),
    )


def measured(row: Mapping[str, Any]) -> dict[str, Any]:
    """What our own pages measure with a vote, from columns named as a vote's fields.

    Raises:
        ValueError: A value is not of its column's kind.
    """
    return {
        "rt_ms": whole(row, "rt_ms", rounded=True),
        "left_plays": whole(row, "left_plays"),
        "right_plays": whole(row, "right_plays"),
        "watched": truth(row, "watched"),
        "shown_at": moment(row, "shown_at"),
    }
