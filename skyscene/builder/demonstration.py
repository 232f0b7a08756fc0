"""`skyscene demo`: a dozen rendered skies through the whole chain, held against the truth."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from skyscene.builder.building import BuildReport, build
from skyscene.builder.progress import Watch, nobody
from skyscene.builder.rendering import render_films
from skyscene.builder.splitting import SplitReport, split
from skyscene.builder.verifying import VerifyReport, verify
from skyscene.records import Interval, Side
from skyscene.store import BuildFolder, existing, read_rows
from skyscene.synth import Truth, compare, demo_sources

DEMO_VAL, DEMO_TEST = 0.15, 0.2
"""Larger shares than for a real set, because there are only a few sources."""


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What came out, and what disagrees with the truth.

    Attributes:
        build: The build.
        split: The split.
        verify: The verification.
        faults: A line for everything that is not as it must be; empty where all is well.
    """

    build: BuildReport
    split: SplitReport
    verify: VerifyReport
    faults: tuple[str, ...]


def demo(
    out: str | Path,
    *,
    seed: int = 0,
    workers: int | None = None,
    watch: Watch = nobody,
) -> DemoReport:
    """Renders, builds, splits and verifies the demonstration set, and compares it with its truth.

    Args:
        out: Gets ``films/`` with the rendered sources and ``set/``, the build folder.
        seed: Varies every sky.
        workers: Worker processes; as many as processors by default.
        watch: Told what happens.

    Raises:
        StoreError: The folder cannot be used.
    """
    folder = Path(out)
    sources = demo_sources(seed)
    films = render_films(sources, folder / "films", workers=workers, watch=watch)
    built = build(films, folder / "set", workers=workers, watch=watch)
    sides = split(folder / "set", val=DEMO_VAL, test=DEMO_TEST)
    checked = verify(folder / "set", workers=workers, watch=watch)
    truths = [source.truth for source in sources]
    faults = [
        *compare(truths, kept_clips(existing(folder / "set"), truths)),
        *(f"{side} is empty" for side in _sides() if not sides.sources.get(side)),
        *(str(fault) for fault in checked.faults),
    ]
    return DemoReport(built, sides, checked, tuple(faults))


def _sides() -> tuple[Side, ...]:
    return ("train", "val", "test")


def kept_clips(folder: BuildFolder, truths: list[Truth]) -> dict[str, list[Interval]]:
    """Name of the source to its kept clips; of files with the same bytes the owner has them."""
    names = {
        row["source_id"]: Path(row["path"]).stem
        for row in read_rows(folder.sources, "sources")
        if row["source_id"] and row["duplicate_of"] is None
    }
    known = {truth.name for truth in truths}
    kept: dict[str, list[Interval]] = defaultdict(list)
    for clip in read_rows(folder.clips, "clips"):
        name = names.get(clip["source_id"], "")
        if clip["kept"] and name in known:
            kept[name].append(Interval(clip["frame_start"], clip["frame_stop"]))
    return dict(kept)
