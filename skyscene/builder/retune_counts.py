"""The numbers of a retune: what is kept, what comes and what goes, for each source and in all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from skyscene.builder.retune_plan import Plan
from skyscene.builder.retune_source import Turned


@dataclass(frozen=True, slots=True)
class Counts:
    """What changes, in windows.

    Attributes:
        kept: Clips that are kept and have their files, after the change.
        pending: Clips that are kept, but have no file: their source is not at hand.
        newly_kept: Of both, those that were rejected, or no window, before.
        newly_rejected: First reason to number of clips that were kept before; "not-laid" where no window
            lies there any more.
        unchanged: Windows that were and are kept, or were and are rejected.
        encoded: Clips that have to be decoded and encoded for that, or were.
    """

    kept: int
    pending: int
    newly_kept: int
    newly_rejected: Mapping[str, int]
    unchanged: int
    encoded: int


def planned(plan: Plan, at_hand: bool) -> Counts:
    """What is going to change of a source.

    Args:
        plan: Its plan.
        at_hand: Whether it has a file to encode from.
    """
    pending = 0 if at_hand else plan.to_encode
    return Counts(
        kept=plan.kept - pending,
        pending=pending,
        newly_kept=plan.newly_kept,
        newly_rejected=plan.newly_rejected,
        unchanged=plan.unchanged,
        encoded=plan.to_encode - pending,
    )


def done(before: Counts, turned: Turned) -> Counts:
    """What was planned, with what came of it."""
    kept, pending = turned.count("encoded"), turned.count("pending")
    return replace(before, kept=kept, pending=pending, encoded=before.encoded - (pending - before.pending))


def total(parts: Iterable[Counts]) -> Counts:
    """The sum over all sources."""
    parts = list(parts)
    rejected: Counter[str] = Counter()
    for part in parts:
        rejected.update(part.newly_rejected)
    return Counts(
        kept=sum(part.kept for part in parts),
        pending=sum(part.pending for part in parts),
        newly_kept=sum(part.newly_kept for part in parts),
        newly_rejected=dict(sorted(rejected.items())),
        unchanged=sum(part.unchanged for part in parts),
        encoded=sum(part.encoded for part in parts),
    )
