"""What a model elsewhere is given: the first frame of every clip of a side, as it is stored."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import numpy.typing as npt

from skyscene.dataset.exporters.names import is_safe_id
from skyscene.errors import BenchError, SkySceneError, StoreError
from skyscene.media import read_picture
from skyscene.recipes import nearest
from skyscene.store import disk_message, read_json, write_bytes, write_json

if TYPE_CHECKING:
    from skyscene.bench.data import BenchData
    from skyscene.bench.recipe import BenchmarkRecipe

INPUTS = "inputs.json"
_FRAMES = 32
_AT_ONCE = 64
_HOW = (
    "Each CLIP_ID.png is the first frame of a clip. Predict all {frames} frames, of which the first is "
    "in the input's own place, and write them as CLIP_ID.npy into a folder of their own: numpy.save of uint8 "
    "({frames}, H, W, 3), RGB, 0 to 255, H = W, at least {least} and the same in all files. Several clips "
    "drawn for one input are CLIP_ID/0.npy, CLIP_ID/1.npy, ... Folders of {frames} PNG pictures "
    "(CLIP_ID/00000.png, ...) and videos (CLIP_ID.mp4) are read as well; most videos are lossy. Then: "
    "bench score FOLDER --data DIR. Each sha256 is of a picture's RGB bytes."
)

Pixels = npt.NDArray[np.uint8]


def write_inputs(
    data: BenchData, name: str, benchmark: BenchmarkRecipe, to: Path, side: str = "test"
) -> Path:
    """Writes the first frames of a side and a list of them; what is there already stays.

    Each is ``CLIP_ID.png``, the stored pixels without a change: whoever predicts from them scales them.

    Args:
        data: The clips.
        name: The benchmark's.
        benchmark: Its recipe.
        to: The folder, made if need be; it may hold the same inputs, whole or begun.
        side: train, val or test.

    Returns:
        ``inputs.json``, which is written last: what was given, in order, with the hash of each one's pixels.

    Raises:
        BenchError: No such side, or the folder holds something else.
        StoreError: The disk is full or may not be written.
    """
    if side not in data.sides:
        raise BenchError(f"no side {side!r}: {nearest(side, data.sides)}")
    for clip_id in data.ids(side):
        if not is_safe_id(clip_id):
            raise BenchError(f"{data.folder}: {clip_id!r} cannot be the name of a file")
    given = [
        {"clip_id": clip_id, "sha256": pixel_hash(first_hwc)} for clip_id, first_hwc in _first(data, side)
    ]
    about = _about(data, name, benchmark, side, given)
    _refuse_others(to, about)
    for clip_id, first_hwc in _first(data, side):
        if not (to / f"{clip_id}.png").is_file():
            write_bytes(to / f"{clip_id}.png", _png(first_hwc))
    write_json(to / INPUTS, about)
    return to / INPUTS


def pixel_hash(picture_hwc: Pixels) -> str:
    """SHA-256 of the pixels of a picture, row by row, red before green before blue: 64 digits."""
    return hashlib.sha256(picture_hwc.tobytes()).hexdigest()


def _first(data: BenchData, side: str) -> Iterator[tuple[str, Pixels]]:
    """Clip id and first frame of each clip, in order."""
    clips, ids = data.sides[side], data.ids(side)
    for places in data.blocks(side, _AT_ONCE):
        firsts_bhwc = clips[places.start : places.stop].first_frames()
        yield from zip(ids[places.start : places.stop], firsts_bhwc, strict=True)


def _about(
    data: BenchData, name: str, benchmark: BenchmarkRecipe, side: str, given: list[dict[str, str]]
) -> dict[str, Any]:
    """What stands in the list; nothing of the day or the machine, so that it can be written again."""
    return {
        "schema_version": 1,
        "benchmark": {"name": name, "version": benchmark.version},
        "side": side,
        "manifest_hash": data.manifest_hash,
        "size": data.size,
        "frames": _FRAMES,
        "clips": given,
        "how": _HOW.format(frames=_FRAMES, least=benchmark.size),
    }


def _refuse_others(to: Path, about: dict[str, Any]) -> None:
    """Ends it unless the folder is new, or holds these inputs or a part of them."""
    cure = "name a new folder, or delete this one"
    try:
        names = {name for name in os.listdir(to) if not name.startswith(".")} if to.exists() else set()
    except OSError as error:
        raise StoreError(disk_message(to, error)) from None
    if INPUTS in names:
        try:
            before = read_json(to / INPUTS)
        except StoreError as error:
            raise BenchError(f"{error}: {cure}") from None
        if before != about:
            raise BenchError(f"{to} holds other inputs, {_other(before, about)}: {cure}")
    hashes = {f"{clip['clip_id']}.png": clip["sha256"] for clip in about["clips"]}
    strange = sorted(names - hashes.keys() - {INPUTS})
    if strange and INPUTS not in names:
        raise BenchError(f"{to} is not empty, it holds {strange[0]!r}: {cure}")
    for name in sorted(names & hashes.keys()):
        try:
            same = pixel_hash(read_picture(to / name)) == hashes[name]
        except SkySceneError:
            same = False
        if not same:
            raise BenchError(f"{to / name} is not the picture that the data have under this id: {cure}")


def _other(before: Any, about: dict[str, Any]) -> str:
    """The first thing that two lists do not share."""
    if not isinstance(before, dict):
        return f"or {INPUTS} is of something else"
    key = next((key for key in about if before.get(key) != about[key]), INPUTS)
    if key in ("clips", "how"):
        return f"its {key} differ"
    return f"{key} = {before.get(key)!r:.80} and not {about[key]!r}"


def _png(picture_hwc: Pixels) -> bytes:
    _, png = cv2.imencode(".png", np.ascontiguousarray(picture_hwc[..., ::-1]))
    return bytes(png)
