"""How one item's work ended, wherever it ran."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one item may use before it is ended.

    Attributes:
        seconds: Wall-clock time for one item; none for no limit.
        memory_mb: Address space of a worker in MiB; none for no limit.
    """

    seconds: float | None = None
    memory_mb: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """A value or an error, with the item it belongs to.

    Attributes:
        item: What was worked on.
        value: The result; none where there is an error.
        code: "timeout", "crash", or the error's own code; none where all went well.
        error: The message; none where all went well.
    """

    item: object
    value: T | None = None
    code: str | None = None
    error: str | None = None
