"""Where sets and weights are kept that are made or fetched once."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """Where drawn sets stay: ``$SKYSCENE_CACHE``, else a folder of the user's cache."""
    given = os.environ.get("SKYSCENE_CACHE")
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(given) if given else Path(base).expanduser() / "skyscene"
