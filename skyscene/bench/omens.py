"""What goes wrong slowly while a stage is trained."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from statistics import median

_SURE = 0.98
_SURE_LOOKS = 20
_FEW = 5
_TIMES = 10


@dataclass(slots=True)
class Omens:
    """Looks at the values that are logged of a stage.

    Attributes:
        every: Steps between two looks; for the text.
    """

    every: int
    _sure: int = 0
    _first: dict[str, list[float]] = field(default_factory=dict)
    _last: dict[str, list[float]] = field(default_factory=dict)
    _said: set[str] = field(default_factory=set)

    def look(self, values: Mapping[str, float]) -> Iterator[str]:
        """What there is to say now.

        Args:
            values: "player/name" to a weighted loss, or to a share that is only shown.
        """
        yield from self._dead_discriminator(values)
        yield from self._run_away(values)

    def _dead_discriminator(self, values: Mapping[str, float]) -> Iterator[str]:
        """Sure of everything for long: then it teaches no more."""
        real = values.get("discriminator/says_real", 0.5)
        drawn = values.get("discriminator/says_drawn", 0.5)
        self._sure = self._sure + 1 if real > _SURE and drawn < 1 - _SURE else 0
        if self._sure == _SURE_LOOKS:
            yield (
                f"the discriminator has been sure of every clip for {_SURE_LOOKS * self.every} steps: "
                "the generator learns little from it"
            )

    def _run_away(self, values: Mapping[str, float]) -> Iterator[str]:
        """A loss without a bound that a player drives, or a rate that is too high."""
        for name, value in values.items():
            first = self._first.setdefault(name, [])
            if len(first) < _FEW:
                first.append(abs(value))
            self._last[name] = [*self._last.get(name, []), abs(value)][-_FEW:]
        now = {name: median(last) for name, last in self._last.items()}
        for name in sorted(now.keys() - self._said):
            then = median(self._first[name])
            beside = sum(now[other] for other in now if other != name and _player(other) == _player(name))
            if now[name] > _TIMES * max(then, beside):
                self._said.add(name)
                yield (
                    f"{name} has grown from {then:.3g} to {now[name]:.3g} and outweighs all else that its "
                    "player learns from: a loss that runs away, or a rate that is too high"
                )


def _player(name: str) -> str:
    return name.partition("/")[0]
