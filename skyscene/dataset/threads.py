"""Clips read or written several at a time: decoding and encoding pictures leave Python's lock to others."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def in_threads(work: Callable[[int], T], count: int, threads: int | None = None) -> Generator[T, None, None]:
    """What the work gives for 0, 1, ... ``count`` - 1, in that order; the first error ends it.

    Args:
        work: Done in several threads at once.
        count: How often.
        threads: How many; as many as processors by default.

    >>> list(in_threads(lambda number: number * number, 5))
    [0, 1, 4, 9, 16]
    """
    threads = threads or os.cpu_count() or 1
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[T]] = deque()
        try:
            for number in range(count):
                waiting.append(pool.submit(work, number))
                if len(waiting) > 2 * threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)
