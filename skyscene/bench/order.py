"""Which clip comes when: a pure function of the seed and how many came before, so that any run can go on."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.int64]


class Order:
    """Every clip once in a drawn order, then every clip again in another, without end.

    Args:
        count: How many clips there are.
        seed: Draws the orders.

    >>> order = Order(3, seed=0)
    >>> sorted(order.places(0, 3).tolist()), sorted(order.places(3, 6).tolist())
    ([0, 1, 2], [0, 1, 2])
    >>> order.places(1, 5).tolist() == order.places(0, 6).tolist()[1:5]
    True
    """

    def __init__(self, count: int, seed: int) -> None:
        self._count = count
        self._seed = seed

    def places(self, start: int, stop: int) -> Places:
        """The clips from the one after ``start`` have come up to the ``stop``-th."""
        rounds = [
            _shuffled(self._count, self._seed, at)
            for at in range(start // self._count, -(-stop // self._count))
        ]
        first = start - start // self._count * self._count
        return np.concatenate([*rounds, np.zeros(0, np.int64)])[first : first + stop - start]


@lru_cache(maxsize=4)
def _shuffled(count: int, seed: int, epoch: int) -> Places:
    return np.random.default_rng((seed, epoch)).permutation(count).astype(np.int64)
