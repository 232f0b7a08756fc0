"""Raters as rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from skyscene.study.raters import RaterFacts
from skyscene.study.report.labels import plain
from skyscene.study.report.numbers import NONE


@dataclass(frozen=True, slots=True)
class Person:
    """How a rater worked.

    Attributes:
        rater: Salted hash.
        votes: Votes that count.
        left: Share of left answers in percent.
        gold: Gold trials right, of how many.
        repeats: Repeats as before, of how many.
        seconds: Median of the answers.
        reasons: Why the rater is left out; empty for the others.
    """

    rater: str
    votes: int
    left: str
    gold: str
    repeats: str
    seconds: str
    reasons: Sequence[str]


def people(raters: Sequence[RaterFacts]) -> list[Person]:
    """Every rater, those who are left out first."""
    return [_person(each) for each in sorted(raters, key=lambda each: (not each.reasons, each.rater))]


def _person(each: RaterFacts) -> Person:
    return Person(
        rater=plain(each.rater),
        votes=each.votes,
        left=NONE if each.left is None else f"{100 * each.left:.0f}",
        gold=f"{each.gold_right} of {each.gold}" if each.gold else NONE,
        repeats=f"{each.repeats_same} of {each.repeats}" if each.repeats else NONE,
        seconds=NONE if each.median_ms is None else f"{each.median_ms / 1000:.1f}",
        reasons=[plain(reason) for reason in each.reasons],
    )
