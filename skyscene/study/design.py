"""Who sees what, on which side, in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product

from skyscene.errors import StudyError
from skyscene.records import Pair
from skyscene.study.balance import halves
from skyscene.study.clips import Shown
from skyscene.study.comparison import REAL, Comparison
from skyscene.study.key import Secret
from skyscene.study.recipe import StudyRecipe
from skyscene.study.trials import Trials


@dataclass(frozen=True)
class Design:
    """A whole study before anything is drawn.

    Attributes:
        pairs: All pairs, by nobody's order.
        slots: Pair ids in the order in which each rater sees them, practice first.
        votes: How many of the trials count for a score.
    """

    pairs: Sequence[Pair]
    slots: Sequence[Sequence[str]]
    votes: int


def contestant_pairs(names: Sequence[str], compare: Sequence[str]) -> list[tuple[str, str]]:
    """The pairs of contestants that are compared, real always second.

    Raises:
        StudyError: A pair names somebody who takes no part; there are fewer than two.
    """
    if compare:
        wanted = [tuple(each.split("/")) for each in compare]
        unknown = sorted({name for pair in wanted for name in pair} - set(names))
        if unknown:
            raise StudyError(
                f"compare: {', '.join(unknown)} takes no part; the contestants: {', '.join(names)}"
            )
        return [(one, other) for one, other in wanted]
    if len(names) < 2:
        raise StudyError("a study needs two contestants at least: give another run, or real = true")
    ordered = sorted(names, key=lambda name: name == REAL)  # stable: real goes last
    return list(combinations(ordered, 2))


def comparisons(
    protocol: StudyRecipe, names: Sequence[str], clips: Sequence[Shown], secret: Secret
) -> list[Comparison]:
    """Every pair of contestants on every clip, in every way it is shown."""
    found = []
    for show, (first, second) in product(protocol.shows, contestant_pairs(names, protocol.compare)):
        order = secret.shuffled(clips, show, first, second)
        others = order if protocol.paired else _shifted(order)
        for clip, other in zip(order, others, strict=True):
            name = secret.name("comparison", show, first, second, clip.clip_id)
            found.append(Comparison(name, show, first, second, clip, other))
    return found


def _shifted(clips: Sequence[Shown]) -> list[Shown]:
    """Each clip's partner in an unpaired study: the next of its scene; itself only where it is alone."""
    following: dict[Shown, Shown] = {}
    for scene in {clip.scene for clip in clips}:
        same = [clip for clip in clips if clip.scene == scene]
        following.update(zip(same, [*same[1:], same[0]], strict=True))
    return [following[clip] for clip in clips]


def make_design(
    protocol: StudyRecipe, names: Sequence[str], clips: Sequence[Shown], secret: Secret
) -> Design:
    """The trials of every rater.

    Every comparison gets ``protocol.votes`` votes, each from another slot; slots differ by one trial at most
    for each pair of contestants. Sides are balanced to one for each slot within each pair of contestants, for
    each comparison, and in all for each pair of contestants.

    Raises:
        StudyError: There are no clips, or a rater would get more trials than the protocol lets.
    """
    if not clips:
        raise StudyError("no clip of the test side can be shown")
    found = comparisons(protocol, names, clips, secret)
    slots = secret.shuffled(range(protocol.raters), "slots")
    seen: list[list[Pair]] = [[] for _ in slots]
    start = 0
    by_pair: dict[tuple[str, str, str], list[Comparison]] = {}
    for one in found:
        by_pair.setdefault((one.show, one.first, one.second), []).append(one)
    for group, members in by_pair.items():
        given = [one for one in members for _ in range(protocol.votes)]
        # Round by round, each a slot further than the one before: else the same raters would always meet on
        # the same clips. The last round, which may be cut short, begins where that of the pair before ended.
        rounds, rest = divmod(len(given), len(slots))
        edges = [
            (slots[(start - rounds + at + at // len(slots)) % len(slots)], one)
            for at, one in enumerate(given)
        ]
        start = (start + rest) % len(slots)
        sides = halves(edges, lambda walk, group=group: secret.coin("side", *group, walk))  # type: ignore[misc]
        for (slot, one), swapped in zip(edges, sides, strict=True):
            seen[slot].append(one.shown(swapped, secret))
    idle = sum(not pairs for pairs in seen)
    if idle:
        raise StudyError(
            f"{idle} of the {len(slots)} raters would have nothing to vote on: there are "
            f"{len(found) * protocol.votes} votes to give; fewer raters, or more votes"
        )
    trials = Trials(protocol, clips, secret)
    made = [trials.of_slot(slot, pairs) for slot, pairs in enumerate(seen)]
    longest = max(map(len, made))
    if protocol.max_pairs_per_rater and longest > protocol.max_pairs_per_rater:
        raise StudyError(
            f"a rater would get {longest} trials, and max_pairs_per_rater is {protocol.max_pairs_per_rater}: "
            "more raters, fewer votes or fewer clips"
        )
    every = {pair.pair_id: pair for slot in made for pair in slot}
    return Design(
        pairs=list(every.values()),
        slots=[[pair.pair_id for pair in slot] for slot in made],
        votes=sum(map(len, seen)),
    )
