"""Which clips a study shows: one a source, since clips of one source are near-copies."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shown:
    """A clip that a study shows.

    Attributes:
        clip_id: Its id.
        place: Its place among the real clips of the test side.
        group: Its split group.
        scene: Its label, where the study is read by label.
    """

    clip_id: str
    place: int
    group: str
    scene: str | None


def choose_clips(
    ids: Sequence[str], groups: Sequence[str], scenes: Sequence[str | None] | None, count: int, seed: int
) -> list[Shown]:
    """At most so many clips, one a split group, by a hash of the seed and the clip's id.

    Where there are scenes, they get clips by turns, and clips without one are left out.
    """
    by_group: dict[str, Shown] = {}
    for place, (clip_id, group) in enumerate(zip(ids, groups, strict=True)):
        scene = scenes[place] if scenes is not None else None
        if scenes is not None and scene is None:
            continue
        found = Shown(clip_id, place, group, scene)
        if group not in by_group or _lot(seed, clip_id) < _lot(seed, by_group[group].clip_id):
            by_group[group] = found
    by_scene: dict[str, list[Shown]] = defaultdict(list)
    for found in sorted(by_group.values(), key=lambda one: _lot(seed, one.clip_id)):
        by_scene[found.scene or ""].append(found)
    turns = _by_turns(by_scene)
    return turns[:count]


def _by_turns(by_scene: Mapping[str, Sequence[Shown]]) -> list[Shown]:
    longest = max(map(len, by_scene.values()), default=0)
    return [
        clips[turn] for turn in range(longest) for _, clips in sorted(by_scene.items()) if turn < len(clips)
    ]


def _lot(seed: int, clip_id: str) -> bytes:
    return hashlib.sha256(f"study/{seed}/{clip_id}".encode()).digest()
