"""What `bench study` needs beside the rest."""

from __future__ import annotations

import importlib.util

from skyscene.errors import MissingExtraError

_PACKAGES = ("choix", "krippendorff", "scipy", "starlette", "statsmodels", "uvicorn")


def needs_study() -> None:
    """Looks whether the packages of studies are there, without importing them.

    Raises:
        MissingExtraError: One is not.
    """
    for package in _PACKAGES:
        if importlib.util.find_spec(package) is None:
            raise MissingExtraError(package, "study", "run a study")
