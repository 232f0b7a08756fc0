"""The few records that flow through every stage, and the protocols between the stages.

All are frozen and know nothing of files, clocks or libraries but NumPy.
"""

from skyscene.records.clip import Clip, Label, State, Verdict
from skyscene.records.curve import Curve, Scale
from skyscene.records.frames import Column, Frames, SmallFrames
from skyscene.records.interval import Interval, subtract, union
from skyscene.records.outcome import Limits, Outcome
from skyscene.records.pair import Choice, Hand, Pair, PairKind, Show, Vote
from skyscene.records.protocols import Detector, Executor, Fetcher, Filter, Labeler, Measure, Shown
from skyscene.records.result import Assignment, Side, SourceResult
from skyscene.records.scene import Crop, Scene, Transition, TransitionKind
from skyscene.records.source import Kind, Provenance, Source, SourceRef, Status, StreamFacts, short_hash

__all__ = [
    "Assignment",
    "Choice",
    "Clip",
    "Column",
    "Crop",
    "Curve",
    "Detector",
    "Executor",
    "Fetcher",
    "Filter",
    "Frames",
    "Hand",
    "Interval",
    "Kind",
    "Label",
    "Labeler",
    "Limits",
    "Measure",
    "Outcome",
    "Pair",
    "PairKind",
    "Provenance",
    "Scale",
    "Scene",
    "Show",
    "Shown",
    "Side",
    "SmallFrames",
    "Source",
    "SourceRef",
    "SourceResult",
    "State",
    "Status",
    "StreamFacts",
    "Transition",
    "TransitionKind",
    "Verdict",
    "Vote",
    "short_hash",
    "subtract",
    "union",
]
