"""A packing that somebody stopped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest


def stopped(pack: Callable[..., Path], cache: Path, after: int | None = None) -> Path:
    """Stops a packing after some sources, or after the last, before its tables; its folder.

    Args:
        pack: Takes the cache and `tick`, as the importers do.
        cache: An empty place.
        after: How many sources; all by default.
    """

    def tick(done: int, total: int) -> None:
        if done == (total if after is None else after):
            raise InterruptedError

    with pytest.raises(InterruptedError):
        pack(cache, tick=tick)
    (folder,) = cache.iterdir()
    return folder
