"""Sets that others made, read as clip sets."""

from skyscene.dataset.importers.packing import import_official
from skyscene.dataset.importers.policies import POLICIES, SPATIAL
from skyscene.dataset.importers.survey import Shot, Survey, is_official, survey

__all__ = ["POLICIES", "SPATIAL", "Shot", "Survey", "import_official", "is_official", "survey"]
