"""What is told of a clip outside its build folder."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any, get_args

from skyscene.dataset.clip_set import ClipSet
from skyscene.dataset.entry import ClipEntry
from skyscene.records import Side

PRIVATE = ("path", "cache_row", "state", "kept", "reasons", "details")
"""Columns that mean nothing outside the build folder, or are the same for every kept clip."""


def sides(clips: ClipSet) -> Iterator[tuple[str, ClipSet]]:
    """The sides that have clips, each with its clips sorted by clip id.

    Clip ids are hashes, so this order mixes the sources: neighbours in a file are not neighbours in time.
    """
    for side in get_args(Side):
        chosen = clips.where(split=side)
        if len(chosen):
            yield side, chosen.sorted_by_id()


def as_json(clip: ClipEntry) -> bytes:
    r"""The index row of a clip as JSON, keys sorted; a number that is none is null.

    >>> as_json(ClipEntry({"clip_id": "a1", "path": "x.mp4", "score_dark": float("nan")}))
    b'{"clip_id": "a1", "score_dark": null}\n'
    """
    row = {key: _finite(value) for key, value in clip.row.items() if key not in PRIVATE}
    return (json.dumps(row, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
