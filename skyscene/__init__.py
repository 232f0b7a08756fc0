"""SkyScene: sky time-lapses to clean, split, verified clip sets.

>>> import skyscene
>>> skyscene.build  # doctest: +ELLIPSIS
<function build at ...>
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from skyscene.bench import score
    from skyscene.builder import build, retune, split, verify
    from skyscene.dataset import open_clips
    from skyscene.dataset.clip_dataset import ClipDataset

__version__ = "0.1.0"

# What is named here is imported on first use, so that `import skyscene` stays light.
_PUBLIC = {
    "ClipDataset": "skyscene.dataset.clip_dataset",
    "build": "skyscene.builder",
    "open_clips": "skyscene.dataset",
    "retune": "skyscene.builder",
    "score": "skyscene.bench",
    "split": "skyscene.builder",
    "verify": "skyscene.builder",
}

__all__ = ["ClipDataset", "__version__", "build", "open_clips", "retune", "score", "split", "verify"]


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'skyscene' has no attribute {name!r}")
    value = getattr(importlib.import_module(_PUBLIC[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
