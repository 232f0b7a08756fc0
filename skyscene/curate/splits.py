"""Train, val and test by source: groups are never torn, and what was assigned stays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from skyscene.records import Assignment, Side, short_hash

SIDES: tuple[Side, ...] = ("train", "val", "test")
"""In order of precedence: what a model may have trained on must never be tested on."""


@dataclass(frozen=True, slots=True)
class Group:
    """Sources that must stay together.

    Attributes:
        group_id: The smallest source_id among them.
        sources: Their source_ids.
        clips: How many kept clips they have.
        official: The sides a published manifest gives them.
    """

    group_id: str
    sources: tuple[str, ...]
    clips: int
    official: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Split:
    """The sides, and what a user should be told.

    Attributes:
        assignments: One a source.
        moved: A line for every source that a new link took to another side.
        notices: A line for everything else worth knowing.
    """

    assignments: tuple[Assignment, ...]
    moved: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass
class _Ledger:
    """Clips a side so far, and the sides given."""

    targets: Mapping[Side, float]
    clips: dict[Side, int] = field(default_factory=lambda: dict.fromkeys(SIDES, 0))
    given: dict[str, tuple[Side, str]] = field(default_factory=dict)

    def give(self, group: Group, side: Side, why: str) -> None:
        old = self.given.get(group.group_id)
        if old:
            self.clips[old[0]] -= group.clips
        self.given[group.group_id] = (side, why)
        self.clips[side] += group.clips

    def neediest(self, sides: Iterable[Side]) -> Side:
        total = sum(self.clips.values())
        return max(sides, key=lambda side: self.targets[side] * (total + 1) - self.clips[side])


def split(
    groups: Iterable[Group],
    earlier: Iterable[Assignment],
    val: float,
    test: float,
    seed: int,
    keep_official: bool = False,
) -> Split:
    """A side for every group.

    Groups that have a side keep it. New ones are taken in an order that only seed and group_id decide,
    each to the side that lacks most of its share of clips; then every side with a share gets at least one
    group, if there are enough new ones.

    Args:
        groups: All groups with kept clips.
        earlier: Sides given before.
        val: Share of clips for val.
        test: Share of clips for test.
        seed: Decides the order of new groups.
        keep_official: Take test from the manifest, and val only from groups that are not official test.
    """
    groups = sorted(groups, key=lambda group: group.group_id)
    ledger = _Ledger({"train": 1.0 - val - test, "val": val, "test": test})
    old = {item.source_id: item for item in earlier}
    moved: list[str] = []
    fresh: list[Group] = []
    for group in groups:
        sides = {old[source].side for source in group.sources if source in old}
        if not sides:
            fresh.append(group)
            continue
        side = next(side for side in SIDES if side in sides)
        ledger.give(group, side, "kept")
        moved += [
            f"{source} moved from {old[source].side} to {side}: it is linked with {group.group_id}"
            for source in group.sources
            if source in old and old[source].side != side
        ]
    notices = _place(fresh, ledger, seed, keep_official)
    notices += _fill_empty(fresh, ledger, keep_official)
    return Split(_assignments(groups, ledger, old), tuple(moved), tuple(notices))


def _place(fresh: list[Group], ledger: _Ledger, seed: int, keep_official: bool) -> list[str]:
    notices: list[str] = []
    fresh.sort(key=lambda group: short_hash(seed, group.group_id))
    open_sides: tuple[Side, ...] = tuple(side for side in SIDES if ledger.targets[side] > 0)
    for group in fresh:
        if not keep_official:
            ledger.give(group, ledger.neediest(open_sides), "hash")
        elif "test" in group.official:
            ledger.give(group, "test", "official")
            if group.official - {"test"}:
                notices.append(f"group {group.group_id} is official train and test: all of it is test")
        else:
            ledger.give(group, _train_or_val(ledger), "official" if group.official else "hash")
    return notices


def _train_or_val(ledger: _Ledger) -> Side:
    """Val is a share of what is not test, whatever the official test takes."""
    rest = ledger.clips["train"] + ledger.clips["val"]
    share = ledger.targets["val"] / max(1e-9, ledger.targets["val"] + ledger.targets["train"])
    return "val" if share * (rest + 1) - ledger.clips["val"] > 1 else "train"


def _fill_empty(fresh: list[Group], ledger: _Ledger, keep_official: bool) -> list[str]:
    notices = []
    members: dict[Side, list[Group]] = defaultdict(list)
    movable = {group.group_id: group for group in fresh}
    counts = dict.fromkeys(SIDES, 0)
    for group_id, (side, _) in ledger.given.items():
        counts[side] += 1
        if group_id in movable:
            members[side].append(movable[group_id])
    for side in SIDES:
        if ledger.targets[side] <= 0 or counts[side]:
            continue
        donor = max(SIDES, key=lambda other: counts[other])
        official_only = keep_official and side == "test"
        if counts[donor] < 2 or not members[donor] or official_only:
            notices.append(f"{side} is empty: there are too few sources for it")
            continue
        group = min(members[donor], key=lambda item: (item.clips, item.group_id))
        members[donor].remove(group)
        counts[donor] -= 1
        counts[side] += 1
        ledger.give(group, side, "non-empty")
    return notices


def _assignments(
    groups: list[Group], ledger: _Ledger, old: Mapping[str, Assignment]
) -> tuple[Assignment, ...]:
    out = {}
    for group in groups:
        side, why = ledger.given[group.group_id]
        for source in group.sources:
            before = old.get(source)
            reason = before.why if before and before.side == side else "joined" if why == "kept" else why
            out[source] = Assignment(source, group.group_id, side, reason)
    # A source whose clips all left keeps its side, so that it finds it again if they come back.
    for source, assignment in old.items():
        out.setdefault(source, assignment)
    return tuple(out[source] for source in sorted(out))
