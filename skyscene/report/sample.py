"""Which of too many things are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


def spread(items: Sequence[Item], most: int) -> list[Item]:
    """At most ``most`` of the items, evenly spread and in their order.

    >>> spread(range(9), 3)
    [1, 4, 7]
    >>> spread("abc", 5)
    ['a', 'b', 'c']
    """
    count = len(items)
    if count <= most:
        return list(items)
    return [items[(2 * k + 1) * count // (2 * most)] for k in range(most)]
