"""What a source yields, and the side of the split it is put on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from skyscene.records.clip import Clip
from skyscene.records.frames import Frames
from skyscene.records.scene import Scene, Transition
from skyscene.records.source import StreamFacts

Side = Literal["train", "val", "test"]


@dataclass(frozen=True, slots=True)
class SourceResult:
    """All that one source's bytes yield, whoever pointed at them.

    Attributes:
        source_id: Hash of the bytes.
        facts: What was decoded; none where nothing could be.
        reason: ``code: message`` where the bytes are of no use, else none.
        frames: The measured columns; none once they are on disk.
        transitions: Sorted.
        scenes: Sorted.
        clips: Sorted; kept and rejected.
        remarks: What is odd about the file although it could be used; told once, not stored.
    """

    source_id: str
    facts: StreamFacts | None
    reason: str | None = None
    frames: Frames | None = None
    transitions: tuple[Transition, ...] = ()
    scenes: tuple[Scene, ...] = ()
    clips: tuple[Clip, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assignment:
    """The side of one source; sticky once written.

    Attributes:
        source_id: The source.
        group_id: Smallest source_id among the sources that must stay together.
        side: train, val or test.
        why: How it came there: "hash", "official", "joined", "non-empty".
    """

    source_id: str
    group_id: str
    side: Side
    why: str
