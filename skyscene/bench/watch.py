"""What a run tells whoever watches it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened.

    Attributes:
        kind: A stage begins ("stage"), a step was taken ("step"), val was scored ("look"), there is something
            to know ("note"), or scoring goes on ("score").
        text: The stage, or what there is to know.
        done: Clips seen or scored so far.
        total: Of so many.
        values: Losses or scores by name.
    """

    kind: Literal["stage", "step", "look", "note", "score"]
    text: str
    done: int = 0
    total: int = 0
    values: Mapping[str, float] = field(default_factory=dict)


Watch = Callable[[Event], None]


def nobody(event: Event) -> None:
    """Watches nothing."""
