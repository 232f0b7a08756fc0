"""Battles as the chatbot and video arenas publish them: a JSON list, the left side being ``model_a``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from skyscene.store import write_json
from skyscene.study.folder import StudyFolder
from skyscene.study.frozen import Study
from skyscene.study.platforms.cells import number, text, whole
from skyscene.study.platforms.plan import SHORT, Planned
from skyscene.study.platforms.platform import Parsed, RawVote, Verified, collect
from skyscene.study.platforms.upload import Upload, shown

_WINNERS = {"model_a": "left", "model_b": "right", "tie": "tie", "tie (bothbad)": "tie"}
_SIDES = {"model_a": "left", "model_b": "right"}
_LATEST = 1e11
"""Seconds since 1970."""


class Arena:
    """A battle a planned vote, without a winner; in, the same with ``winner`` and ``judge``.

    In an arena's own files ``model_a`` names a model. Here it is the word ``left``, so that nothing tells who
    made what.
    """

    name = "arena"
    kinds = frozenset({"json"})
    needs = frozenset({"question_id", "model_a", "model_b", "winner", "judge"})
    verified: Verified = "the platform's documentation"
    source = "FastChat's clean_battle_data.py, which writes the published files"
    meets_again = False

    def write(self, folder: StudyFolder, study: Study, slots: Sequence[Sequence[Planned]]) -> list[Path]:
        """Writes ``arena_battles.json``; who fills it in sets ``winner``, ``judge`` and ``tstamp``."""
        path = folder.exports / "arena_battles.json"
        battles = [
            {
                "question_id": vote.pair_id,
                **_SIDES,
                "winner": None,
                "judge": None,
                "anony": True,
                "tstamp": None,
                "show": vote.show,
                "left_url": vote.left,
                "right_url": vote.right,
                "slot": vote.slot,
                "position": vote.position,
                "study_sha": study.sha[:SHORT],
            }
            for slot in slots
            for vote in slot
        ]
        write_json(path, battles)
        return [path]

    def parse(self, upload: Upload, study: Study) -> Parsed:
        """A vote of every battle."""
        return collect(upload.rows, _vote)


def _vote(line: int, row: Mapping[str, Any]) -> RawVote:
    for name, side in _SIDES.items():
        if text(row, name) != side:
            raise ValueError(f'{name}: "{side}" is expected, not {shown(row.get(name))}')
    winner = text(row, "winner")
    if winner and winner not in _WINNERS:
        raise ValueError(f"winner: one of {', '.join(_WINNERS)} is expected, not {shown(winner)}")
    # An arena's time is that of the answer, not of the showing: it is looked at, and left out.
    number(row, "tstamp", largest=_LATEST)
    return RawVote(
        line,
        pair_id=text(row, "question_id"),
        rater=text(row, "judge"),
        choice=_WINNERS.get(winner),
        study_sha=text(row, "study_sha"),
        block=whole(row, "slot"),
        position=whole(row, "position"),
    )
