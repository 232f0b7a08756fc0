"""Sets that others made, read as clip sets."""

from skyscene.dataset.importers.official import import_official
from skyscene.dataset.importers.policies import POLICIES, SPATIAL, check_ways, clip_length
from skyscene.dataset.importers.strips import StripSides, import_strips
from skyscene.dataset.importers.survey import Shot, Survey, is_official, survey

__all__ = [
    "POLICIES",
    "SPATIAL",
    "Shot",
    "StripSides",
    "Survey",
    "check_ways",
    "clip_length",
    "import_official",
    "import_strips",
    "is_official",
    "survey",
]
