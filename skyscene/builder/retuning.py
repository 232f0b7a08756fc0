"""`skyscene retune`: new thresholds on the stored columns, without an analysis decode."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from skyscene.builder.at_hand import AtHand
from skyscene.builder.executor import LocalExecutor
from skyscene.builder.funnel import Funnel
from skyscene.builder.progress import Watch, nobody
from skyscene.builder.retune_counts import Counts, done, planned, total
from skyscene.builder.retune_recipe import target_recipe
from skyscene.builder.retune_run import Retuning
from skyscene.records import Executor
from skyscene.store import existing, read_change, settle_all, sweep_parts, writing


@dataclass(frozen=True, slots=True)
class SourceChange:
    """What changes in one source.

    Attributes:
        source_id: The source.
        name: Its file name, address or video id.
        counts: In numbers.
    """

    source_id: str
    name: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class RetuneReport:
    """What new thresholds change, or changed.

    Attributes:
        folder: Where.
        applied: Whether it was done.
        values: Keys of the recipe that change, with both values.
        sources: A row a measured source, by source_id.
        total: Their sum.
        funnel: Counts over the whole folder afterwards; none where nothing was done.
        notices: What the user should know.
        seconds: Wall-clock time.
    """

    folder: Path
    applied: bool
    values: tuple[str, ...]
    sources: tuple[SourceChange, ...]
    total: Counts
    funnel: Funnel | None
    notices: tuple[str, ...]
    seconds: float


def retune(
    folder: str | Path,
    *,
    set: Iterable[str] = (),
    recipe: str | None = None,
    apply: bool = False,
    fetch: bool = False,
    clips: bool = True,
    workers: int | None = None,
    watch: Watch = nobody,
    executor: Executor | None = None,
) -> RetuneReport:
    """Tells what new thresholds would change in a build folder, or makes it what a new build would be.

    Sources are not measured again. Where clips become kept, only their frames are decoded.

    Args:
        folder: A build folder.
        set: Overrides, ``section.name.key=value``, on the folder's own recipe.
        recipe: Another recipe's name or path, to put them on.
        apply: Whether to do it; without, nothing is changed.
        fetch: With ``apply``: download again what is needed and not there.
        clips: Whether newly kept clips are encoded; without, they are pending.
        workers: Worker processes; as many as processors by default. In a script, call this below
            ``if __name__ == "__main__":``.
        watch: Told what happens; nothing is printed by default.
        executor: Where sources are worked on; local processes by default.

    Raises:
        RecipeError: The recipe is wrong, or asks for what only a new build can do.
        StoreError: The folder cannot be used, is in use, or was measured by other versions of the measures.
    """
    started = time.monotonic()
    place = existing(Path(folder), changing=apply)
    with writing(place):
        change = read_change(place)
        target, values = target_recipe(place, recipe, set, change)
        if apply:
            settle_all(place)
            sweep_parts(place)
        run = Retuning(place, target, executor or LocalExecutor(workers), watch)
        plans = run.plan()
        at_hand = run.look(plans, apply and fetch) if clips else AtHand()
        run.refuse_loss(plans, at_hand)
        counts = {plan.source_id: planned(plan, plan.source_id in at_hand.paths) for plan in plans}
        after = None
        if apply:
            turned = run.apply(at_hand)
            after = run.finish(len(turned), started)
            counts = {key: done(before, turned[key]) for key, before in counts.items()}
            run.note_sides(turned)
        run.note_absent({key: counts[key].pending for key in at_hand.absent}, at_hand.absent)
    return RetuneReport(
        folder=place.root,
        applied=apply,
        values=values,
        sources=tuple(SourceChange(key, run.names[key], counts[key]) for key in sorted(counts)),
        total=total(counts.values()),
        funnel=after,
        notices=tuple(run.notices),
        seconds=time.monotonic() - started,
    )
