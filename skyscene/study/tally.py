"""The rows of a result: who was preferred over whom, and how sure that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from skyscene.study.ballots import Ballot
from skyscene.study.statistics.agreement import alpha, rating_table
from skyscene.study.statistics.clustered import headline, two_way
from skyscene.study.statistics.multiple import holm
from skyscene.study.statistics.proportion import Interval, wilson
from skyscene.study.statistics.share import Codes, Votes


@dataclass(frozen=True, slots=True)
class Row:
    """Votes on one pair of contestants.

    Attributes:
        show: video or frame.
        first: Whose score it is.
        second: Over whom.
        scene: Of clips with this label; none for all.
        pos: Preference opinion score of the first, 0 to 100; none without votes.
        interval: The headline, with its name; none without votes.
        why: Why it is not the two-way cluster-robust one; empty where it is.
        independent: Wilson's, if votes were independent.
        p: Of a score of 50, by the two-way interval; none where that is not defined.
        p_holm: The same, corrected for the number of pairs.
        votes: How many, without invalid ones.
        ties: How many of them.
        invalid: Trials that a rater called invalid; not among the votes.
        raters: How many people.
        clips: On how many first frames.
        most_of_one: Largest share of the votes that one rater gave.
        alpha: Krippendorff's; none where it is not defined.
        alpha_why: Why not.
        left: Share of left answers in percent; none without one.
    """

    show: str
    first: str
    second: str
    scene: str | None
    pos: float | None
    interval: Interval | None
    why: str
    independent: Interval | None
    p: float | None
    p_holm: float | None
    votes: int
    ties: int
    invalid: int
    raters: int
    clips: int
    most_of_one: float
    alpha: float | None
    alpha_why: str
    left: float | None


def rows_of(
    ballots: Sequence[Ballot], wanted: Sequence[tuple[str, str, str]], scenes: Sequence[str] = ()
) -> list[Row]:
    """A row for each pair of contestants, then one for each of their scenes.

    Args:
        ballots: Votes that count.
        wanted: Show, first and second contestant.
        scenes: Labels to tell apart.
    """
    by_pair: dict[tuple[str, frozenset[str]], list[Ballot]] = {}
    for one in ballots:
        if one.pair.kind == "test":
            by_pair.setdefault((one.pair.show, frozenset((one.pair.left, one.pair.right))), []).append(one)
    found = []
    for show, first, second in wanted:
        own = by_pair.get((show, frozenset((first, second))), [])
        found.append(_row(own, show, first, second, None))
        found += [
            _row([one for one in own if one.pair.scene == scene], show, first, second, scene)
            for scene in scenes
        ]
    return _corrected(found)


def counted(ballots: Sequence[Ballot], first: str) -> Votes:
    """Votes on one pair as numbers for the statistics; clips are told apart by their source."""
    raters, clips = cluster_codes(ballots)
    return Votes(np.array([one.win_of(first) for one in ballots], float), raters, clips)


def cluster_codes(ballots: Sequence[Ballot]) -> tuple[Codes, Codes]:
    """Rater and source of each vote, as numbers."""
    return _codes([one.vote.rater for one in ballots]), _codes([one.pair.group for one in ballots])


def _codes(names: Sequence[str]) -> Codes:
    places: Mapping[str, int] = {name: at for at, name in enumerate(sorted(set(names)))}
    return np.array([places[name] for name in names], np.int64)


def _row(ballots: Sequence[Ballot], show: str, first: str, second: str, scene: str | None) -> Row:
    valid = [one for one in ballots if one.is_valid]
    sided = [one for one in valid if one.prefers is not None]
    row = Row(
        show=show,
        first=first,
        second=second,
        scene=scene,
        pos=None,
        interval=None,
        why="no votes",
        independent=None,
        p=None,
        p_holm=None,
        votes=len(valid),
        ties=len(valid) - len(sided),
        invalid=len(ballots) - len(valid),
        raters=len({one.vote.rater for one in valid}),
        clips=len({one.pair.group for one in valid}),
        most_of_one=0.0,
        alpha=None,
        alpha_why="no votes",
        left=100 * sum(one.vote.choice == "left" for one in sided) / len(sided) if sided else None,
    )
    if not valid:
        return row
    votes = counted(valid, first)
    robust, agreed = two_way(votes), alpha(rating_table(votes))
    share = votes.share
    return replace(
        row,
        pos=share.pos,
        interval=headline(votes),
        why=robust.why,
        independent=wilson(share.wins, share.votes),
        p=robust.p,
        most_of_one=max(Counter(one.vote.rater for one in valid).values()) / len(valid),
        alpha=agreed.value,
        alpha_why=agreed.why,
    )


def _corrected(rows: Sequence[Row]) -> list[Row]:
    """Holm's correction over all pairs; rows of scenes are a family of their own."""
    found = list(rows)
    for of_scene in (False, True):
        places = [at for at, row in enumerate(found) if (row.scene is not None) == of_scene]
        # A pair that all agree on has no p by this interval, and is one of the comparisons all the same.
        tests = [1.0 if found[at].p is None and found[at].votes else found[at].p for at in places]
        for at, p in zip(places, holm(tests), strict=True):
            found[at] = replace(found[at], p_holm=None if found[at].p is None else p)
    return found
