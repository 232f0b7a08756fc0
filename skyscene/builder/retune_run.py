"""One run of `retune` over a folder whose lock is held: every source planned, then every source turned."""

from __future__ import annotations

import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from skyscene.builder.at_hand import AtHand, look_for
from skyscene.builder.beside import recipe_text, write_build_json, write_recipe
from skyscene.builder.building import retire
from skyscene.builder.decide import Named
from skyscene.builder.funnel import Funnel, funnel
from skyscene.builder.progress import Event, Watch
from skyscene.builder.recipe import Recipe
from skyscene.builder.retune_plan import Plan, plan_source
from skyscene.builder.retune_recipe import refuse_stale
from skyscene.builder.retune_source import Turn, Turned, retune_source
from skyscene.builder.worker import RetuneWorker
from skyscene.collect import Collector
from skyscene.errors import SkySceneError, StoreError
from skyscene.media import probe
from skyscene.records import Executor, Limits, Outcome, Source
from skyscene.store import (
    PASSING,
    BuildFolder,
    Change,
    all_refs,
    begin_change,
    end_change,
    merge,
    read_assignments,
    read_result,
    sweep,
)


class Retuning:
    """A folder, the recipe it goes to, and what is told of it.

    Attributes:
        names: source_id to what a person calls the source.
        notices: What the user should know.
    """

    def __init__(self, folder: BuildFolder, recipe: Recipe, executor: Executor, watch: Watch) -> None:
        self._folder, self._recipe, self._executor, self._watch = folder, recipe, executor, watch
        self._collector = Collector(recipe.download, folder.root, probe=probe)
        self._limits = Limits(
            seconds=recipe.media.max_minutes * 60 or None, memory_mb=recipe.media.max_memory_mb or None
        )
        self._refs = self._living()
        self._named: list[Named] = []
        self.names = {key: _name(refs[0]) for key, refs in self._refs.items()}
        self.notices: list[str] = []

    def _living(self) -> dict[str, list[Source]]:
        """source_id to the references with its bytes that may be used, in the order a build takes them."""
        refs: dict[str, list[Source]] = defaultdict(list)
        for source in all_refs(self._folder):
            if source.source_id and source.status != "removed" and source.ref not in self._collector.removals:
                refs[source.source_id].append(source)
        for same in refs.values():
            same.sort(key=lambda source: (source.ref.kind != "file", source.ref.ref_id))
        return dict(sorted(refs.items()))

    def note(self, text: str) -> None:
        """Keeps a notice and tells of it."""
        self.notices.append(text)
        self._watch(Event("note", text))

    def plan(self) -> list[Plan]:
        """What changes of each measured source, by source_id.

        Raises:
            StoreError: A source cannot be decided again from what is stored.
        """
        unfinished = 0
        for source_id, refs in self._refs.items():
            result = read_result(self._folder, source_id)
            if result is None or (result.reason or "").partition(":")[0] in PASSING:
                unfinished += 1
            elif result.facts is not None and not result.reason:
                self._named.append(Named(source_id, refs[0].video_id or source_id))
        if unfinished:
            self.note(
                f"{unfinished} sources were never finished: a build with the new values goes on with them"
            )
        self._watch(Event("start", "deciding", len(self._named)))
        plans: list[Plan] = []
        faults: list[str] = []
        for outcome in self._run(plan_source, self._named):
            assert isinstance(outcome.item, Named)
            name = self.names[outcome.item.source_id]
            if outcome.value is None:
                faults.append(f"{name}: {outcome.code}: {outcome.error}")
            else:
                plans.append(outcome.value)
                self._watch(Event("built", name, kept=outcome.value.kept))
        if faults:
            raise StoreError(
                f"{len(faults)} sources of {self._folder.root} cannot be decided again from what is stored; "
                f"first {min(faults)}. Correct the value, or build into another folder"
            )
        refuse_stale({plan.source_id: plan.stale for plan in plans if plan.stale}, self._folder)
        return sorted(plans, key=lambda plan: plan.source_id)

    def look(self, plans: Sequence[Plan], fetch: bool) -> AtHand:
        """The files of the sources from which something is to be encoded."""
        wanted = {plan.source_id: self._refs[plan.source_id] for plan in plans if plan.to_encode}
        collector = self._collector if fetch else None
        return look_for(self._folder, wanted, collector, lambda name: self._watch(Event("acquire", name)))

    def refuse_loss(self, plans: Sequence[Plan], at_hand: AtHand) -> None:
        """Sees that no written clip would be lost.

        Raises:
            StoreError: A cache is not there or broken, and its source not at hand to make it again.
        """
        lost = [plan.source_id for plan in plans if plan.lost and plan.source_id not in at_hand.paths]
        if lost:
            raise StoreError(
                f"the caches of {len(lost)} sources are missing or broken and their files not at hand, first "
                f"{self._folder.cache(lost[0])}: bring the files back or give --fetch"
            )

    def apply(self, at_hand: AtHand) -> dict[str, Turned]:
        """Gives every measured source its new state; a cut-off run is gone on with by the next one.

        Raises:
            StoreError: The folder cannot be written.
        """
        cure = f"`skyscene retune {self._folder.root} --apply`"
        begin_change(self._folder, Change("retune", cure, self._recipe.name, recipe_text(self._recipe)))
        retire(self._folder, self._collector)
        self._watch(Event("start", "retuning", len(self._named)))
        turns = [Turn(named, at_hand.paths.get(named.source_id)) for named in self._named]
        turned: dict[str, Turned] = {}
        # Whatever a file did to its worker: without it the source has a sound state, too.
        again = [replace(turn, path=None) for turn in self._turn(turns, turned)]
        left = self._turn(again, turned)
        if left:
            names = ", ".join(self.names[turn.named.source_id] for turn in left[:3])
            raise SkySceneError(f"{len(left)} sources ended their workers ({names}); finish it with {cure}")
        return turned

    def _turn(self, turns: Sequence[Turn], turned: dict[str, Turned]) -> list[Turn]:
        """Turns sources, and returns those whose worker did not end well."""
        failed = []
        for outcome in self._run(retune_source, turns):
            assert isinstance(outcome.item, Turn)
            source_id = outcome.item.named.source_id
            name, value = self.names[source_id], outcome.value
            if outcome.code == "StoreError":
                raise StoreError(str(outcome.error))
            if value is None:
                self.note(f"{name}: {outcome.code}: {outcome.error}: its newly kept clips stay pending")
                failed.append(outcome.item)
                continue
            turned[source_id] = value
            kept, pending, rejected = (value.count(state) for state in ("encoded", "pending", None))
            if value.problem:
                self.note(f"{name}: {pending} kept clips are pending: {value.problem}")
            self._watch(Event("built", name, kept=kept, rejected=rejected))
        return failed

    def _run(self, task: Callable[..., Any], items: Sequence[Any]) -> Iterator[Outcome[Any]]:
        return self._executor.run(RetuneWorker(task, self._folder, self._recipe), items, self._limits)

    def finish(self, number: int, started: float) -> Funnel:
        """Tables, recipe and facts of the run; then the folder is whole again."""
        folder, recipe = self._folder, self._recipe
        self._watch(Event("merge"))
        sweep(folder)
        shutil.rmtree(folder.work, ignore_errors=True)
        merge(folder, list(recipe.filters), list(recipe.labelers))
        counts = funnel(folder)
        write_recipe(folder, recipe)
        write_build_json(folder, recipe, counts, number, time.monotonic() - started)
        end_change(folder)
        return counts

    def note_absent(self, pending: Mapping[str, int], reasons: Mapping[str, str]) -> None:
        """Tells what no file could be found for, by source_id."""
        for source_id, number in pending.items():
            self.note(f"{self.names[source_id]}: {number} kept clips have no file yet: {reasons[source_id]}")

    def note_sides(self, turned: Mapping[str, Turned]) -> None:
        """Tells of sources that have clips, but no side of the split that was made before."""
        given = {item.source_id for item in read_assignments(self._folder)}
        without = sum(value.count("encoded") > 0 for key, value in turned.items() if key not in given)
        if given and without:
            split = f"`skyscene split {self._folder.root} --by-source`"
            self.note(f"{without} sources have clips, but no side yet: run {split} again")


def _name(source: Source) -> str:
    target = source.ref.target
    return PurePath(target).name if source.ref.kind == "file" else target
