"""Everything that is wrong with a folder, told at once and in few lines."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from skyscene.bench.elsewhere.clip_form import Kind
from skyscene.errors import BenchError

SHOWN = 5
"""So many of each kind are named."""
_LONGEST = 200


class Trouble:
    """Collects what is wrong; names come from strangers and are shown so that no terminal obeys them.

    Args:
        folder: The folder.
        frames: How many frames a clip should have.
    """

    def __init__(self, folder: Path, frames: int) -> None:
        self._folder = folder
        self._frames = frames
        self._found: dict[Kind, list[str]] = defaultdict(list)

    def add(self, kind: Kind, what: str) -> None:
        """Takes note of one clip or name."""
        self._found[kind].append(what)

    def refuse(self, asked: int | None) -> None:
        """Ends it if anything is wrong.

        Args:
            asked: How many clips were asked for, if that is known.

        Raises:
            BenchError: Each kind of trouble with its count and the first few.
        """
        if not self._found:
            return
        of = f" for {asked} clips" if asked is not None else ""
        lines = [f"{shown(str(self._folder))} cannot be used{of}; nothing was scored:"]
        for kind in Kind:
            if found := self._found.get(kind):
                more = f"; ... {len(found) - SHOWN} more" if len(found) > SHOWN else ""
                first = "; ".join(shown(what) for what in found[:SHOWN])
                lines.append(f"- {kind.value.format(frames=self._frames)} ({len(found)}): {first}{more}")
        raise BenchError("\n".join(lines))


def shown(text: str) -> str:
    r"""A text that can be printed in a line.

    >>> shown("5f0c.npy"), shown("a\nb\udc80")
    ('5f0c.npy', 'a\\nb\\udc80')
    """
    plain = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 3]}..."
