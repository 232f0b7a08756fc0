"""How much anybody may ask for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

_MOST_KEYS = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests a second in the long run, and so many at once."""

    each_second: float
    burst: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What a server bears.

    A trial takes a rater about six requests: two clips in one or two ranges each, two preloaded, the vote.

    Attributes:
        body: Bytes of a request.
        rater: Requests of one rater.
        address: Requests from one address, raters or not; a room full of raters may share one.
    """

    body: int = 8192
    rater: Rate = Rate(20.0, 120)
    address: Rate = Rate(200.0, 2000)


class Gate:
    """Lets through what keeps to a rate, key by key: a bucket of tokens each, in memory alone.

    Args:
        rate: The rate.
        clock: Seconds; only differences count.
    """

    def __init__(self, rate: Rate, clock: Callable[[], float]) -> None:
        self._rate, self._clock = rate, clock
        self._levels: dict[str, tuple[float, float]] = {}

    def admits(self, key: str) -> bool:
        """Whether one more request fits.

        >>> gate = Gate(Rate(1.0, 2), lambda: 0.0)
        >>> [gate.admits("r_1"), gate.admits("r_1"), gate.admits("r_1"), gate.admits("r_2")]
        [True, True, False, True]
        """
        now = self._clock()
        level, since = self._levels.pop(key, (float(self._rate.burst), now))
        level = min(self._rate.burst, level + max(0.0, now - since) * self._rate.each_second)
        fits = level >= 1.0
        self._levels[key] = (level - 1.0 if fits else level, now)
        if len(self._levels) > _MOST_KEYS:
            # Whoever was away longest has the fullest bucket: forgetting that one gives away the least.
            del self._levels[next(iter(self._levels))]
        return fits
