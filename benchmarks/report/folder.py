"""A build folder of any size without a build: rows, curves and pictures made up, written by the store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import tomli_w

from skyscene.builder import load_recipe
from skyscene.records import Frames
from skyscene.store import BuildFolder, schema, write_frames, write_rows, write_thumbs

LENGTH, STRIDE, JOIN = 32, 4, 12
FILTERS = ("dark", "static", "camera")
SIDES = ("train", "train", "train", "val", "test")
SCENE = 10
"""Windows a scene; a dissolve stands between two scenes."""


def make_folder(root: Path, sources: int, windows: int, seed: int = 0) -> BuildFolder:
    """A folder of ``sources`` films with ``windows`` windows each, about a third of them rejected."""
    folder = BuildFolder(root)
    folder.root.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    pictures = _pictures(rng)
    rows: dict[str, list[dict[str, Any]]] = {"sources": [], "scenes": [], "transitions": [], "clips": []}
    for number in range(sources):
        key = f"{number:016x}"
        spans = [at * LENGTH + at // SCENE * JOIN for at in range(windows)]
        frames = spans[-1] + LENGTH + 20
        rows["sources"].append(_source(number, key, frames))
        rows["scenes"] += _scenes(key, spans, frames)
        rows["transitions"] += _joins(key, spans)
        rows["clips"] += [_clip(key, at, start, number, rng) for at, start in enumerate(spans)]
        jpegs = [
            (at, pictures[(number * 7 + at // STRIDE) % len(pictures)]) for at in range(0, frames, STRIDE)
        ]
        write_thumbs(folder.thumbs(key), jpegs)
        write_frames(folder.frames(key), _frames(frames, rng))
    for name, made in rows.items():
        columns = schema(name, FILTERS) if name == "clips" else schema(name)
        write_rows(getattr(folder, name), made, columns)
    folder.recipe.write_text(tomli_w.dumps(load_recipe("sky").table))
    return folder


def _pictures(rng: np.random.Generator) -> list[bytes]:
    """Soft noise with detail enough that a JPEG of it is about as large as one of clouds."""
    made = []
    field = cv2.GaussianBlur(rng.normal(size=(90, 480)).astype(np.float32), (0, 0), 5)
    field = 128 + 60 * field / field.std() + rng.normal(size=field.shape) * 6
    for shift in range(0, 320, 8):
        grey = np.clip(field[:, shift : shift + 160], 0, 255)
        picture = np.stack([grey, grey * 0.9, grey * 0.7], axis=-1).astype(np.uint8)
        made.append(bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 80])[1].tobytes()))
    return made


def _source(number: int, key: str, frames: int) -> dict[str, Any]:
    return {
        "ref_id": key,
        "source_id": key,
        "status": "done",
        "kind": "file",
        "path": f"/films/film {number:04}.mp4",
        "frames": frames,
        "width": 1280,
        "height": 720,
        "fps": 30.0,
        "codec": "h264",
    }


def _scenes(key: str, spans: list[int], frames: int) -> list[dict[str, Any]]:
    made = []
    for first in range(0, len(spans), SCENE):
        last = min(first + SCENE, len(spans)) - 1
        stop = spans[last] + LENGTH if last + 1 < len(spans) else frames - 20
        made.append({"frame_start": spans[first], "frame_stop": stop, "windows": last - first + 1})
    made.append({"frame_start": frames - 20, "frame_stop": frames, "windows": 0})
    return [
        {"scene_id": f"{key}-{at}", "source_id": key, "reasons": [] if row["windows"] else ["short"], **row}
        for at, row in enumerate(made)
    ]


def _joins(key: str, spans: list[int]) -> list[dict[str, Any]]:
    dissolves = [
        {"frame_start": spans[at] - JOIN, "frame_stop": spans[at], "kind": "dissolve", "detector": "dissolve"}
        for at in range(SCENE, len(spans), SCENE)
    ]
    end = spans[-1] + LENGTH
    cut = {"frame_start": end, "frame_stop": end, "kind": "cut", "detector": "cut"}
    return [
        {"source_id": key, "score": 1.5 if row["kind"] == "dissolve" else 0.9, **row}
        for row in (*dissolves, cut)
    ]


def _clip(key: str, at: int, start: int, number: int, rng: np.random.Generator) -> dict[str, Any]:
    scores = {
        "dark": min(1.0, float(rng.normal(1.3, 0.35))),
        "static": abs(float(rng.normal(20, 14))),
        "camera": abs(float(rng.normal(0.3, 0.6))),
    }
    said = {
        "dark": scores["dark"] < 0.9
        and f"nothing visible in {100 - 100 * scores['dark']:.0f} % of the frames (10 % allowed)",
        "static": scores["static"] < 4
        and f"nothing moves: {scores['static']:.0f} levels in 16 frames (4 needed)",
        "camera": scores["camera"] > 1
        and f"camera shifts by {0.8 * scores['camera']:.1f} % of the picture (0.8 % allowed) over 128 frames",
    }
    reasons = [name for name in FILTERS if said[name]]
    clip_id = f"{number:08x}{at:012x}"
    return {
        "clip_id": clip_id,
        "clip_key": clip_id,
        "source_id": key,
        "scene_id": f"{key}-{at // SCENE}",
        "frame_start": start,
        "frame_stop": start + LENGTH,
        "fps": 30.0,
        "width": 640,
        "height": 360,
        "kept": not reasons,
        "reasons": reasons,
        "details": [said[name] for name in reasons],
        "state": None if reasons else "encoded",
        "split": None if reasons else SIDES[number % len(SIDES)],
        "path": None if reasons else f"clips/{key}/{clip_id}.mp4",
        **{f"score_{name}": value for name, value in scores.items()},
        "threshold_dark": 0.9,
        "threshold_static": 4.0,
        "threshold_camera": 1.0,
    }


def _frames(count: int, rng: np.random.Generator) -> Frames:
    def walk(middle: float, step: float) -> np.ndarray:
        return (middle + np.cumsum(rng.normal(0, step, count))).clip(0, 255).astype(np.float32)

    names = ("camera_tx", "camera_ty", "camera_scale", "camera_turn")
    columns = {
        "luma_mean": walk(120, 1),
        "luma_p99": walk(180, 1),
        "luma_detail": walk(30, 0.5),
        "change_lag_p99": walk(20, 0.8),
        "change_mad": walk(3, 0.1),
        "change_fine": rng.uniform(0.9, 1, count).astype(np.float32),
        **{name: rng.normal(0, 0.001, count).astype(np.float32) for name in names},
    }
    return Frames(
        pts=np.arange(count),
        luma_hash=np.arange(count, dtype=np.uint64),
        gap=np.zeros(count, bool),
        columns=columns,
        versions={},
        fps=30.0,
        width=256,
        height=144,
    )
