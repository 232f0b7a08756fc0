"""Clip sets: a build folder read as an index and arrays, and written in the formats that others read."""

from skyscene.dataset.clip_set import ClipSet, open_clips
from skyscene.dataset.entry import ClipEntry
from skyscene.dataset.export import FORMATS, ExportReport, export
from skyscene.dataset.exporters.protocol import Exporter, Tick

__all__ = [
    "FORMATS",
    "ClipEntry",
    "ClipSet",
    "ExportReport",
    "Exporter",
    "Tick",
    "export",
    "open_clips",
]
