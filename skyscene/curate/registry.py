"""Shipped components by the name a recipe knows them by; imported only when a recipe names them."""

from __future__ import annotations

from collections.abc import Mapping

MEASURES: Mapping[str, str] = {
    "luma": "skyscene.curate.measures.luma:Luma",
    "change": "skyscene.curate.measures.change:Change",
    "tiles": "skyscene.curate.measures.tiles:Tiles",
    "borders": "skyscene.curate.measures.borders:Borders",
    "camera": "skyscene.curate.measures.camera:Camera",
    "psd_content": "skyscene.curate.measures.psd_content:PsdContent",
}

DETECTORS: Mapping[str, str] = {
    "cut": "skyscene.curate.detectors.cut:Cut",
    "dissolve": "skyscene.curate.detectors.dissolve:Dissolve",
    "fade": "skyscene.curate.detectors.fade:Fade",
    "psd_content": "skyscene.curate.detectors.psd_content:PsdContent",
    "psd_adaptive": "skyscene.curate.detectors.psd_adaptive:PsdAdaptive",
}

FILTERS: Mapping[str, str] = {
    "dark": "skyscene.curate.filters.dark:Dark",
    "static": "skyscene.curate.filters.static:Static",
    "camera": "skyscene.curate.filters.camera:Camera",
}

LABELERS: Mapping[str, str] = {}
