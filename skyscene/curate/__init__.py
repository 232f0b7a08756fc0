"""Curation: measures, detectors and filters, all pure functions of arrays."""

from skyscene.curate.registry import DETECTORS, FILTERS, LABELERS, MEASURES

__all__ = ["DETECTORS", "FILTERS", "LABELERS", "MEASURES"]
