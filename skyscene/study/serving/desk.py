"""What a rater asks for, answered from the plan and the database; knows nothing of HTTP."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from skyscene.errors import StudyError
from skyscene.records import Vote
from skyscene.study.serving import tables
from skyscene.study.serving.ballot import Ballot
from skyscene.study.serving.limits import Gate, Limits
from skyscene.study.serving.plan import Plan, Trial
from skyscene.study.serving.refusal import Refusal, stranger
from skyscene.study.serving.tables import Visitor
from skyscene.study.votes import insert

Answer = dict[str, Any]


class Desk:
    """Every method is one work of a ``Writer``: what it reads and writes is one transaction.

    Args:
        plan: Of the study.
        limits: How much one rater may ask for.
        clock: Seconds since 1970.
    """

    def __init__(self, plan: Plan, limits: Limits, clock: Callable[[], float]) -> None:
        self._plan, self._clock = plan, clock
        self._gate = Gate(limits.rater, clock)

    def enter(self, connection: sqlite3.Connection, token: str) -> str:
        """Exchanges a link's token for a cookie.

        Raises:
            Refusal: It is no link of this study.
        """
        rater = tables.rater_of_link(connection, token, self._plan.study.sha)
        if rater is None:
            raise stranger()
        if not self._gate.admits(rater):
            raise _too_fast()
        cookie = secrets.token_urlsafe(32)
        tables.add_visit(connection, cookie, self._plan.visit(cookie), rater)
        return cookie

    def visitor(self, connection: sqlite3.Connection, cookie: str) -> Visitor:
        """Who asks.

        Raises:
            Refusal: Nobody we know, or somebody who asks too often.
        """
        found = tables.visitor(connection, cookie, self._plan.study.sha) if cookie else None
        if found is None:
            raise stranger()
        if not self._gate.admits(found.rater):
            raise _too_fast()
        return found

    def state(self, connection: sqlite3.Connection, cookie: str) -> Answer:
        """Where a rater is, and what the page needs to go on."""
        return self._state(connection, self.visitor(connection, cookie))

    def consent(self, connection: sqlite3.Connection, cookie: str) -> Answer:
        """Takes a rater's consent."""
        who = self.visitor(connection, cookie)
        tables.consent(connection, who.rater, _iso(self._clock()))
        return self._state(connection, replace(who, consented=True))

    def vote(self, connection: sqlite3.Connection, cookie: str, ballot: Ballot) -> Answer:
        """Takes an answer to the trial that the rater is at, or says again what was said to it before.

        What comes back depends on rater, trial and the choice that counts alone: a retry gets the same bytes.

        Raises:
            Refusal: The trial was never handed to this rater.
        """
        who = self.visitor(connection, cookie)
        # No trial is handed out before consent, so that there is none to answer either.
        found = tables.trial_of(connection, who.rater, ballot.nonce)
        if found is None:
            raise Refusal(409, "other-trial", "That answer belongs to no trial of yours.")
        position, shown = found
        trial = self._plan.trial(who.rater, who.slot, position)
        insert(connection, self._record(who, trial, ballot, shown))
        # Read back, never assumed: what is said is what is there.
        choice = tables.choice_of(connection, who.rater, trial.pair_id)
        if choice is None:
            raise StudyError(f"the vote on {trial.pair_id} cannot be written")
        right = choice == trial.gold_side if trial.gold_side else None
        return {
            "choice": choice,
            "feedback": None if right is None else {"right": right, "side": trial.gold_side},
            **self._place(connection, who, position + 1),
        }

    def file(self, connection: sqlite3.Connection, cookie: str, media: str, side: str) -> Path:
        """A file of the trial that a rater is at, of the next one, or of the one just answered.

        Raises:
            Refusal: It is none of these.
        """
        who = self.visitor(connection, cookie)
        at = tables.answered(connection, who.rater)
        near = range(max(0, at - 1), min(self._plan.total(who.slot), at + 2)) if who.consented else ()
        for position in near:
            trial = self._plan.trial(who.rater, who.slot, position)
            path = self._plan.file(trial, side) if trial.media == media else None
            if path is not None:
                return path
        raise Refusal(404, "no-file", "There is no such clip.")

    def _state(self, connection: sqlite3.Connection, who: Visitor) -> Answer:
        return {
            "study": self._plan.texts(who.slot),
            "consented": who.consented,
            **self._place(connection, who, tables.answered(connection, who.rater)),
        }

    def _place(self, connection: sqlite3.Connection, who: Visitor, position: int) -> Answer:
        """The trial at a place and the files after it; at the end the code, before consent neither."""
        total = self._plan.total(who.slot)
        place: Answer = {"position": position, "total": total, "trial": None, "next": None, "end": None}
        if position >= total:
            place["end"] = self._plan.completion(who.rater)
        elif who.consented:
            trial = self._plan.trial(who.rater, who.slot, position)
            tables.begin_trial(connection, who.rater, trial.nonce, position, self._clock())
            place["trial"] = {"nonce": trial.nonce, "practice": trial.practice, **_shown(trial)}
            if position + 1 < total:
                place["next"] = _shown(self._plan.trial(who.rater, who.slot, position + 1))
        return place

    def _record(self, who: Visitor, trial: Trial, ballot: Ballot, shown: float) -> Vote:
        """The vote. What the page says of time is believed only as far as the server's own clock allows."""
        study = self._plan.study
        elapsed = max(0.0, self._clock() - shown)
        least = study.protocol.frame_seconds if trial.show == "frame" else study.seconds
        return Vote(
            study=study.study,
            study_sha=study.sha,
            pair_id=trial.pair_id,
            rater=who.rater,
            choice=ballot.choice,
            rt_ms=min(ballot.rt_ms, int(elapsed * 1000)),
            left_plays=ballot.left_plays,
            right_plays=ballot.right_plays,
            watched=ballot.watched and elapsed >= least,
            shown_at=_iso(shown),
            block=who.slot,
            position=trial.position,
            platform="serve",
            session=who.visit,
        )


def _shown(trial: Trial) -> Answer:
    return {
        "show": trial.show,
        "left": f"/media/{trial.media}/left",
        "right": f"/media/{trial.media}/right",
    }


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _too_fast() -> Refusal:
    return Refusal(429, "too-fast", "Too many requests in a short time. The page tries again by itself.")
