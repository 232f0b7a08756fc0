"""How each rater worked, and whom the protocol's rules leave out of the filtered result."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from skyscene.store import write_bytes
from skyscene.study.ballots import Ballot
from skyscene.study.frozen import Study


@dataclass(frozen=True, slots=True)
class RaterFacts:
    """One rater's work.

    Attributes:
        rater: Salted hash.
        votes: Votes that count, invalid ones too.
        left: Share of left answers among those that chose a side; none without one.
        gold: Gold trials answered.
        gold_right: How many of them right.
        repeats: Mirrored repeats answered.
        repeats_same: How many of them as before.
        fast: Share of answers that came too soon; none where no times are known.
        median_ms: Of the answers; none where no times are known.
        invalid: Trials that the rater reported as broken.
        reasons: Why the rater is left out; empty for the others.
    """

    rater: str
    votes: int
    left: float | None
    gold: int
    gold_right: int
    repeats: int
    repeats_same: int
    fast: float | None
    median_ms: float | None
    invalid: int
    reasons: tuple[str, ...]


def rater_facts(study: Study, ballots: Sequence[Ballot]) -> list[RaterFacts]:
    """Facts of every rater, sorted by name."""
    by_rater: dict[str, list[Ballot]] = defaultdict(list)
    for one in ballots:
        if one.pair.kind != "practice":
            by_rater[one.vote.rater].append(one)
    return [_facts(study, rater, own) for rater, own in sorted(by_rater.items())]


def _facts(study: Study, rater: str, ballots: Sequence[Ballot]) -> RaterFacts:
    tests = [one for one in ballots if one.pair.kind == "test"]
    sided = [one for one in ballots if one.prefers is not None]
    valid = [one for one in ballots if one.is_valid]  # a clip that did not load judges nobody
    gold = [one for one in valid if one.pair.kind == "gold"]
    before = {one.pair.pair_id: one.prefers for one in valid if one.pair.kind == "test"}
    repeats = [one for one in valid if one.pair.repeat_of in before]
    timed = [one for one in valid if one.vote.rt_ms is not None]
    times = [one.vote.rt_ms for one in timed if one.vote.rt_ms is not None]
    facts = RaterFacts(
        rater=rater,
        votes=len(tests),
        left=sum(one.vote.choice == "left" for one in sided) / len(sided) if sided else None,
        gold=len(gold),
        gold_right=sum(bool(one.is_right) for one in gold),
        repeats=len(repeats),
        repeats_same=sum(one.prefers == before[str(one.pair.repeat_of)] for one in repeats),
        fast=sum(_too_fast(study, one) for one in timed) / len(timed) if timed else None,
        median_ms=float(median(times)) if times else None,
        invalid=len(ballots) - len(valid),
        reasons=(),
    )
    return _judged(study, facts, len(sided), len(ballots))


def _too_fast(study: Study, one: Ballot) -> bool:
    """Whether an answer came before the clips could have been seen once.

    Times are from the moment both could be seen; those of a frame have no least time but the margin.
    """
    shown = study.seconds if one.pair.show == "video" else 0.0
    return (one.vote.rt_ms or 0) < 1000 * (shown + study.protocol.exclude.fast_margin)


def _judged(study: Study, facts: RaterFacts, sided: int, answers: int) -> RaterFacts:
    rules = study.protocol.exclude
    reasons = []
    if facts.gold >= rules.gold_least and facts.gold_right / facts.gold < rules.gold_below:
        reasons.append(f"{facts.gold_right} of {facts.gold} gold trials right, {rules.gold_below:.0%} asked")
    if facts.left is not None and sided >= rules.left_least:
        most = max(facts.left, 1 - facts.left)
        side = "left" if facts.left > 0.5 else "right"
        if most > rules.left_over:
            reasons.append(f"{most:.0%} of {sided} answers {side}, {rules.left_over:.0%} at most")
    if facts.fast is not None and facts.fast > rules.fast_over:
        reasons.append(f"{facts.fast:.0%} of the answers too soon, {rules.fast_over:.0%} at most")
    if answers >= rules.invalid_least and facts.invalid / answers > rules.invalid_over:
        reasons.append(
            f"{facts.invalid} of {answers} trials reported as broken, {rules.invalid_over:.0%} at most"
        )
    if facts.repeats >= rules.repeat_least and facts.repeats_same / facts.repeats < rules.repeat_below:
        reasons.append(
            f"{facts.repeats_same} of {facts.repeats} repeats as before, {rules.repeat_below:.0%} asked"
        )
    return replace(facts, reasons=tuple(reasons))


def write_exclusions(facts: Sequence[RaterFacts], to: Path) -> None:
    """Writes a row a rater who is left out: rater, votes, reason."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["rater", "votes", "reason"])
    rows.writerows([each.rater, each.votes, "; ".join(each.reasons)] for each in facts if each.reasons)
    write_bytes(to, text.getvalue().encode())
