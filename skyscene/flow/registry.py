"""Estimators of flow, by id."""

from __future__ import annotations

from collections.abc import Mapping

from skyscene.errors import RecipeError
from skyscene.flow.dis_medium import DIS_MEDIUM
from skyscene.flow.estimator import Flow
from skyscene.flow.farneback import FARNEBACK
from skyscene.recipes import nearest

FLOWS: Mapping[str, Flow] = {found.id: found for found in (DIS_MEDIUM, FARNEBACK)}


def flow(name: str) -> Flow:
    """The estimator of an id.

    Raises:
        RecipeError: There is none; the nearest id is given.

    >>> flow("dis-medium").smallest
    16
    """
    if name not in FLOWS:
        raise RecipeError(f"no flow '{name}': {nearest(name, FLOWS)}")
    return FLOWS[name]
