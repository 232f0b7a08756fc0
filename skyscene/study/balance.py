"""Sides that are balanced exactly, not by coin flips."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence

Node = tuple[str, Hashable]


def halves(edges: Sequence[tuple[Hashable, Hashable]], coin: Callable[[int], bool]) -> list[bool]:
    """Divides votes in two so that every rater, every clip and the whole are divided evenly.

    A vote is an edge between a rater and a clip. Nodes of odd degree get one more edge, to a node that is
    not there; what then has even degrees everywhere falls into closed walks, each of even length as raters
    and clips alternate in it, and along a walk the halves alternate.

    Args:
        edges: A rater and a clip each.
        coin: The place of a walk to its first half: nothing else is left to chance.

    Returns:
        The half of each edge: one more on a side than on the other at most for every rater, for every clip,
        and in all.

    >>> halves([("a", 1), ("a", 2), ("b", 1), ("b", 2)], lambda walk: True)
    [True, False, False, True]
    """
    ends: list[tuple[Node, Node]] = [(("rater", rater), ("clip", clip)) for rater, clip in edges]
    ends += _missing(ends)
    open_at: dict[Node, list[int]] = defaultdict(list)
    for number in reversed(range(len(ends))):
        for node in ends[number]:
            open_at[node].append(number)
    half: list[bool | None] = [None] * len(ends)
    walks = 0
    for start, _ in ends:
        while open_at[start]:
            side, node = coin(walks), start
            walks += 1
            while (at := _unused(open_at[node], half)) is not None:
                half[at] = side
                side = not side
                one, other = ends[at]
                node = other if node == one else one
    return [bool(side) for side in half[: len(edges)]]


def _missing(ends: Sequence[tuple[Node, Node]]) -> list[tuple[Node, Node]]:
    """Edges that make every degree even; the graph stays one of raters and clips."""
    degree: dict[Node, int] = defaultdict(int)
    for pair in ends:
        for node in pair:
            degree[node] += 1
    nobody, nothing = ("rater", None), ("clip", None)
    odd = [node for node, count in degree.items() if count % 2]
    added: list[tuple[Node, Node]] = [
        (node, nothing) if node[0] == "rater" else (nobody, node) for node in odd
    ]
    if sum(node[0] == "rater" for node in odd) % 2:
        added.append((nobody, nothing))
    return added


def _unused(waiting: list[int], half: Sequence[bool | None]) -> int | None:
    while waiting:
        at = waiting.pop()
        if half[at] is None:
            return at
    return None
