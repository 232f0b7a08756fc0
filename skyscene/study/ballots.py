"""Votes joined with the key, and whatever of them breaks the protocol."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from skyscene.records import Pair, Vote
from skyscene.study.frozen import Study
from skyscene.study.key import Key

_MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class Ballot:
    """A vote, and what it was a vote on.

    Attributes:
        vote: What was said.
        pair: What was shown.
    """

    vote: Vote
    pair: Pair

    @property
    def prefers(self) -> str | None:
        """The contestant that was chosen; none for a tie or an invalid trial."""
        return {"left": self.pair.left, "right": self.pair.right}.get(self.vote.choice)

    @property
    def is_valid(self) -> bool:
        """Whether the trial could be judged; a clip may not have loaded."""
        return self.vote.choice != "invalid"

    @property
    def is_right(self) -> bool | None:
        """Whether a trial with an answer was answered so; none for the others."""
        return None if self.pair.gold_side is None else self.vote.choice == self.pair.gold_side

    def win_of(self, name: str) -> float:
        """1 where a contestant of the pair was chosen, 0 where the other, 0.5 for a tie."""
        return 0.5 if self.prefers is None else float(self.prefers == name)


def join(study: Study, key: Key, votes: Iterable[Vote]) -> tuple[list[Ballot], list[str]]:
    """Every vote with its pair, and a line for each way in which the votes break the protocol.

    "invalid" is always an answer: a clip may not load. Votes that no pair is known for, of another study, or
    once more on a comparison are left out.
    """
    pairs = {pair.pair_id: pair for pair in key.pairs}
    ballots, breaches = [], []
    for vote in votes:
        pair = pairs.get(vote.pair_id)
        if vote.study_sha != study.sha:
            breaches.append(f"rater {vote.rater}, pair {vote.pair_id}: a vote of another study")
        elif pair is None:
            breaches.append(f"rater {vote.rater}: pair {vote.pair_id} is not in the key")
        elif vote.choice not in (*study.protocol.answers, "invalid") and pair.kind != "practice":
            breaches.append(
                f"rater {vote.rater}, pair {vote.pair_id}: '{vote.choice}' is no answer of this protocol"
            )
        else:
            ballots.append(Ballot(vote, pair))
    ballots, doubled = _once(ballots)
    breaches += doubled
    more = len(breaches) - _MOST_TOLD
    return ballots, [*breaches[:_MOST_TOLD], *([f"and {more} more"] if more > 0 else [])]


def _once(ballots: Sequence[Ballot]) -> tuple[list[Ballot], list[str]]:
    """A rater counts once on a comparison, in whichever order it was shown: the first time."""
    seen: set[tuple[str, str]] = set()
    kept, told = [], []
    for one in ballots:
        place = (one.vote.rater, one.pair.comparison)
        if one.pair.kind == "test" and place in seen:
            told.append(f"rater {one.vote.rater} voted once more on comparison {one.pair.comparison}")
            continue
        if one.pair.kind == "test":
            seen.add(place)
        kept.append(one)
    return kept, told
