"""What was kept, held against what is known: the scorer of the demonstration."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from skyscene.records import Interval
from skyscene.synth.planted import Defect
from skyscene.synth.source import Truth

FORBIDDEN: frozenset[Defect] = frozenset({"cut", "dissolve", "fade", "dark", "zoom", "pan"})
"""What must not be seen in any kept clip."""


def compare(
    truths: Iterable[Truth],
    kept: Mapping[str, Sequence[Interval]],
    *,
    window: int = 32,
    share: float = 0.8,
    forbidden: Collection[Defect] = FORBIDDEN,
) -> list[str]:
    """The faults of a build, a line each; empty where it agrees with the truth.

    Of sources with the same bytes one may have clips, whichever it is: a build knows no original.

    Args:
        truths: The truth of every source.
        kept: Kept clips by name of the source, in frames of the source; a name may be missing.
        window: Frames a clip.
        share: Least share of a clean source's possible windows that must be kept, 0..1.
        forbidden: Kinds of defect that no kept clip may show.

    >>> from skyscene.synth import Planted
    >>> cuts = Truth("a", 0, 64, 30, 640, 360, (Planted("cut", Interval(32, 32)),), clean=False)
    >>> compare([cuts], {"a": [Interval(0, 32), Interval(20, 52)]})
    ['a: kept clip 20..52 has the cut at 32..32']
    """
    faults: list[str] = []
    truths = list(truths)
    for group in _same_bytes(truths):
        owners = [truth for truth in group if kept.get(truth.name)]
        if len(owners) > 1:
            names = " and ".join(truth.name for truth in owners)
            faults.append(f"{names}: kept clips of each, though they are the same bytes")
        for owner in owners or group[:1]:
            clips = kept.get(owner.name, ())
            faults += _seen(owner, clips, forbidden)
            if group[0].clean and (fault := _starved(owner, clips, window, share)):
                faults.append(fault)
    strangers = sorted(set(kept) - {truth.name for truth in truths})
    return faults + [f"{name}: kept clips of a source that is not in the truth" for name in strangers]


def _same_bytes(truths: Sequence[Truth]) -> list[list[Truth]]:
    """The sources in groups of equal bytes, the original first; most groups hold one."""
    groups: dict[str, list[Truth]] = {}
    for truth in sorted(truths, key=lambda truth: truth.duplicate_of is not None):
        groups.setdefault(truth.duplicate_of or truth.name, []).append(truth)
    return list(groups.values())


def _seen(truth: Truth, clips: Sequence[Interval], forbidden: Collection[Defect]) -> list[str]:
    """A line for each forbidden defect in each kept clip, and for each clip past the end."""
    faults = []
    for clip in clips:
        if clip.stop > truth.length:
            faults.append(
                f"{truth.name}: kept clip {clip.start}..{clip.stop} ends after frame {truth.length}"
            )
        for planted in truth.planted:
            if planted.kind in forbidden and planted.spoils(clip):
                at = f"{planted.interval.start}..{planted.interval.stop}"
                faults.append(
                    f"{truth.name}: kept clip {clip.start}..{clip.stop} has the {planted.kind} at {at}"
                )
    return faults


def _starved(truth: Truth, clips: Sequence[Interval], window: int, share: float) -> str | None:
    """A line if too few of a clean source's windows are kept."""
    possible = truth.possible(window)
    if len(clips) >= share * possible:
        return None
    return f"{truth.name}: clean, but only {len(clips)} of {possible} windows kept, under {share:.0%}"
