"""Which sources must stay on one side of the split."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def join(members: Iterable[str], links: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Member to group: the smallest member it is linked with, directly or through others.

    >>> dict(join(["a", "b", "c"], [("c", "b")]))
    {'a': 'a', 'b': 'b', 'c': 'b'}
    """
    parent = {member: member for member in members}

    def root(member: str) -> str:
        while parent[member] != member:
            parent[member] = parent[parent[member]]
            member = parent[member]
        return member

    for one, other in links:
        if one in parent and other in parent:
            low, high = sorted((root(one), root(other)))
            parent[high] = low
    return {member: root(member) for member in sorted(parent)}
