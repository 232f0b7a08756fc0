"""Curation: measures, detectors, filters, windows and splits, all pure functions of arrays."""

from skyscene.curate.crops import Bars
from skyscene.curate.groups import join
from skyscene.curate.registry import DETECTORS, FILTERS, LABELERS, MEASURES
from skyscene.curate.scenes import scene_intervals
from skyscene.curate.splits import Group, Split, split
from skyscene.curate.windows import Windows

__all__ = [
    "DETECTORS",
    "FILTERS",
    "LABELERS",
    "MEASURES",
    "Bars",
    "Group",
    "Split",
    "Windows",
    "join",
    "scene_intervals",
    "split",
]
