"""Whether answers belong to a study and may be counted together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import cast

from skyscene.records import Choice, Pair, Vote
from skyscene.study.frozen import Study
from skyscene.study.key import Key
from skyscene.study.platforms.plan import SHORT
from skyscene.study.platforms.platform import RawVote
from skyscene.study.platforms.upload import shown
from skyscene.study.pretend import MADE_UP


@dataclass
class Check:
    """Takes answers one by one, and keeps votes and faults.

    Attributes:
        study: The study.
        key: Its key.
        platform: Where the answers come from.
        before: Votes that are in already.
        near: Puts the place of another answer into words.
        meets_again: Whether the platform may show one person the same clips twice: then only the first answer
            counts, and the others are told.
        votes: What may be added, if there are no problems.
        skipped: Line and reason of what does not count.
        problems: Line and fault.
        repeated: How many answers are in already, with the same choice.
        practice: How many are of practice trials.
    """

    study: Study
    key: Key
    platform: str
    before: Iterable[Vote]
    near: Callable[[int], str]
    meets_again: bool = False
    votes: list[Vote] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)
    repeated: int = 0
    practice: int = 0

    def __post_init__(self) -> None:
        self._pairs = {pair.pair_id: pair for pair in self.key.pairs}
        self._stored = {(vote.rater, vote.pair_id): vote.choice for vote in self.before}
        self._lines: dict[tuple[str, str], int] = {}
        # Which order of a comparison a rater has seen, by rater and comparison.
        self._orders: dict[tuple[str, str, str], str] = {}
        for rater, pair_id in self._stored:
            pair = self._pairs.get(pair_id)
            if pair is not None and pair.kind == "test":
                self._orders.setdefault((rater, pair.comparison, pair.show), pair_id)

    def add(self, raw: RawVote) -> None:
        """Takes an answer as a vote, or notes all that is wrong with it."""
        pair = self._pairs.get(raw.pair_id)
        if pair is not None and pair.kind == "practice":
            self.skipped.append((raw.line, "practice does not count"))
            self.practice += 1
            return
        faults = self._faults(raw, pair)
        rater = self.key.secret.rater(self.platform, raw.rater)
        clashes = self._clashes(raw, pair, rater) if raw.rater and pair is not None else []
        if clashes and not faults and self.meets_again:
            self.skipped.append((raw.line, clashes[0].partition(";")[0]))
            return
        faults += clashes
        if faults:
            self.problems += [(raw.line, fault) for fault in faults]
        else:
            self.votes.append(self._vote(raw, rater))

    def _faults(self, raw: RawVote, pair: Pair | None) -> list[str]:
        """What is wrong with an answer whatever others there are."""
        faults = []
        if raw.study_sha and not (len(raw.study_sha) >= SHORT and self.study.sha.startswith(raw.study_sha)):
            faults.append(f"a vote of another study: {shown(raw.study_sha)}, not {self.study.sha[:SHORT]}")
        elif raw.study and raw.study != self.study.study:
            faults.append(f"a vote of another study: {shown(raw.study)}, not {self.study.study}")
        elif not raw.pair_id:
            faults.append("no pair_id")
        elif pair is None:
            faults.append(f"the study has no pair {shown(raw.pair_id)}")
        if not raw.rater:
            faults.append("it is not said who answered")
        if raw.choice is None:
            faults.append("no answer")
        elif raw.choice not in self.study.protocol.answers:
            allowed = ", ".join(self.study.protocol.answers)
            faults.append(f"{shown(raw.choice)} cannot be answered in this study: {allowed}")
        return faults

    def _clashes(self, raw: RawVote, pair: Pair, rater: str) -> list[str]:
        """What is wrong with an answer because of others of the same rater."""
        one = (rater, pair.pair_id)
        if one in self._stored:
            self.repeated += self._stored[one] == raw.choice
            return ["this rater's answer to this pair is in the study already"]
        if one in self._lines:
            return [f"this rater has answered this pair in {self.near(self._lines[one])} already"]
        self._lines[one] = raw.line
        if pair.kind != "test":
            return []
        other = self._orders.setdefault((rater, pair.comparison, pair.show), pair.pair_id)
        if other == pair.pair_id:
            return []
        line = self._lines.get((rater, other))
        where = f"in {self.near(line)}" if line else "in the study already"
        return [
            f"this rater has answered the same two clips the other way round {where}; take out one of the two"
        ]

    def _vote(self, raw: RawVote, rater: str) -> Vote:
        session = (
            self.key.secret.digest("session", self.platform, raw.session).hex()[:20] if raw.session else None
        )
        return Vote(
            study=self.study.study,
            study_sha=self.study.sha,
            pair_id=raw.pair_id,
            rater=rater,
            choice=cast(Choice, raw.choice),
            rt_ms=raw.rt_ms,
            left_plays=raw.left_plays,
            right_plays=raw.right_plays,
            watched=raw.watched,
            shown_at=raw.shown_at,
            block=raw.block,
            position=raw.position,
            platform=MADE_UP if raw.rater.startswith(MADE_UP) else self.platform,
            session=session,
        )
