"""Two commands that need the same set at the same time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Thread


def at_once(pack: Callable[..., Path]) -> tuple[list[Path], list[str]]:
    """Packs a set, and again while the first is at work.

    Args:
        pack: Takes `tick` and `waits`, as the importers do.

    Returns:
        Both folders, and what the second did in turn.
    """
    did: list[str] = []
    folders: list[Path] = []
    second = Thread(
        target=lambda: folders.append(
            pack(tick=lambda done, total: did.append("packs"), waits=lambda folder: did.append("waits"))
        )
    )

    def tick(done: int, total: int) -> None:
        if done == 1:
            second.start()
            while second.is_alive() and not did:
                second.join(0.05)

    folders.insert(0, pack(tick=tick, waits=lambda folder: did.append("the first waits")))
    second.join()
    return folders, did
