"""`skyscene split`: a side for every source with kept clips."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from skyscene.builder.beside import read_recipe_table
from skyscene.builder.funnel import Funnel, funnel
from skyscene.curate import Group, Split, join
from skyscene.curate import split as assign
from skyscene.errors import SkySceneError
from skyscene.store import (
    existing,
    merge,
    read_assignments,
    read_rows,
    write_assignments,
    writing,
)


@dataclass(frozen=True, slots=True)
class SplitReport:
    """What a split did.

    Attributes:
        sources: Side to number of sources with kept clips.
        clips: Side to number of clips.
        placed: Sources that had no side before.
        moved: A line for every source that changed sides.
        notices: What else the user should know.
        pending: Kept clips that have no file, and so no side.
    """

    sources: dict[str, int]
    clips: dict[str, int]
    placed: int
    moved: tuple[str, ...]
    notices: tuple[str, ...]
    pending: int


def split(
    folder: str | Path,
    *,
    val: float = 0.05,
    test: float = 0.1,
    seed: int = 0,
    keep_official: bool = False,
) -> SplitReport:
    """Gives every source with kept clips a side, and writes it into the index.

    Sources that have a side keep it; only new ones are placed. Sources that share a video id stay together.

    Args:
        folder: A build folder.
        val: Share of clips for val.
        test: Share of clips for test.
        seed: Decides the order in which new sources are placed.
        keep_official: Take test from the manifest's official side, and val only from the rest.

    Raises:
        StoreError: Not a build folder, or another command is writing to it.
        SkySceneError: The shares are not shares, or no source has an official side that was asked for.
    """
    if not (0 <= val < 1 and 0 <= test < 1 and val + test < 1):
        raise SkySceneError(f"--val {val:g} --test {test:g}: give shares of 1 that leave some for train")
    place = existing(Path(folder))
    with writing(place):
        groups = _groups(read_rows(place.sources, "sources"), read_rows(place.clips, "clips"))
        if keep_official and not any(group.official for group in groups):
            raise SkySceneError(
                f"--keep-official: no source in {place.root} has an official side; "
                "build from a manifest with a column official_split, or leave the option out"
            )
        earlier = read_assignments(place)
        outcome = assign(groups, earlier, val, test, seed, keep_official)
        write_assignments(place, outcome.assignments)
        recipe = read_recipe_table(place)
        merge(place, list(recipe.get("filters", {})), list(recipe.get("labelers", {})))
        counts = funnel(place)
    return _report(groups, {item.source_id for item in earlier}, outcome, counts)


def _groups(sources: list[dict[str, Any]], clips: list[dict[str, Any]]) -> list[Group]:
    """Sources with kept, written clips, joined where they share a video id."""
    count: dict[str, int] = defaultdict(int)
    for clip in clips:
        if clip["kept"] and clip["state"] == "encoded":
            count[clip["source_id"]] += 1
    owner: dict[str, str] = {}
    links: list[tuple[str, str]] = []
    official: dict[str, set[str]] = defaultdict(set)
    for row in sources:
        source, video = row["source_id"], row["video_id"]
        if source not in count:
            continue
        if row["official_split"]:
            official[source].add(row["official_split"])
        if video:
            links.append((owner.setdefault(video, source), source))
    members: dict[str, list[str]] = defaultdict(list)
    for source, group in join(count, links).items():
        members[group].append(source)
    return [
        Group(
            group,
            tuple(sorted(inside)),
            sum(count[source] for source in inside),
            frozenset(side for source in inside for side in official[source]),
        )
        for group, inside in sorted(members.items())
    ]


def _report(groups: list[Group], before: set[str], outcome: Split, counts: Funnel) -> SplitReport:
    live = {source for group in groups for source in group.sources}
    sources: dict[str, int] = defaultdict(int)
    for item in outcome.assignments:
        if item.source_id in live:
            sources[item.side] += 1
    return SplitReport(
        sources=dict(sources),
        clips=dict(counts.splits),
        placed=len(live - before),
        moved=outcome.moved,
        notices=outcome.notices,
        pending=counts.pending,
    )
