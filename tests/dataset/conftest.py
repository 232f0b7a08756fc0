"""A small build folder made by hand: 4 sources, each with 2 kept clips and a rejected one."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from skyscene.media import ClipSettings, Size, encode_clip
from skyscene.store import BuildFolder, read_table, schema, write_rows

SIDES = ("train", "train", "val", "test")
SIZES = (Size(64, 36), Size(96, 54), Size(64, 36), Size(54, 96))
MATRICES = ("bt709", "smpte170m", "bt709", "bt709")
FRAMES, SIDE = 32, 16
SETTINGS = ClipSettings(long_side=96, crf=10, preset="ultrafast")


def planes(size: Size, phase: float, index: int) -> np.ndarray:
    """Clouds enough: smooth waves that drift, in colour."""
    y, x = np.mgrid[0 : size.height, 0 : size.width]
    luma = 120 + 60 * np.sin(x / 9 + index / 10 + phase) + 30 * np.cos(y / 7 - phase)
    half = luma[::2, ::2]
    blue, red = 128 + (half - 120) / 4, 110 - (half - 120) / 8
    return np.concatenate([luma.ravel(), blue.ravel(), red.ravel()]).astype(np.uint8).reshape(-1, size.width)


def cached(source: int, clip: int) -> np.ndarray:
    """What the cache holds of a clip: noise, so that no two clips can be taken for one another."""
    return np.random.default_rng((source, clip)).integers(0, 256, (FRAMES, SIDE, SIDE, 3), np.uint8)


def source_id(source: int) -> str:
    return hashlib.sha256(b"source %d" % source).hexdigest()[:16]


def clip_id(source: int, clip: int) -> str:
    return hashlib.sha256(b"clip %d %d" % (source, clip)).hexdigest()[:16]


def clip_row(folder: BuildFolder, source: int, clip: int, kept: bool) -> dict[str, Any]:
    name, size = source_id(source), SIZES[source]
    row: dict[str, Any] = {
        "clip_id": clip_id(source, clip),
        "clip_key": f"{name}@{clip * 32}",
        "source_id": name,
        "scene_id": f"scene{source}",
        "frame_start": clip * FRAMES,
        "frame_stop": (clip + 1) * FRAMES,
        "pts_start": clip * FRAMES * 512,
        "pts_stop": (clip + 1) * FRAMES * 512,
        "time_base": "1/12800",
        "fps": 25.0,
        "width": size.width,
        "height": size.height,
        "kept": kept,
        "reasons": [] if kept else ["dark", "static"],
        "details": [] if kept else ["luma 20 < 40", "nothing moves"],
        "score_dark": 0.1 * source + 0.01 * clip if kept else 0.9,
        "score_static": float("nan"),
        # Empty on every side but train, as may happen.
        "label_sky": "clear" if source == 0 and kept else None,
    }
    if kept:
        path = folder.clip(name, row["clip_id"])
        path.parent.mkdir(parents=True, exist_ok=True)
        pictures = [planes(size, source + 0.3 * clip, index) for index in range(FRAMES)]
        encode_clip(path, pictures, size, 25.0, MATRICES[source], SETTINGS)
        row |= {
            "state": "encoded",
            "split": SIDES[source],
            "path": folder.relative(path),
            "cache_row": clip,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
    return row


def write_tables(folder: BuildFolder, sources: list[dict[str, Any]], clips: list[dict[str, Any]]) -> None:
    write_rows(folder.sources, sources, schema("sources"))
    write_rows(folder.clips, clips, schema("clips", ["dark", "static"], ["sky"]))


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the others are copies of."""
    folder = BuildFolder(tmp_path_factory.mktemp("pristine") / "sky")
    folder.cache("x").parent.mkdir(parents=True)
    sources, clips = [], []
    for source in range(4):
        name = source_id(source)
        sources.append(
            {
                "ref_id": f"ref{source}",
                "source_id": name,
                "status": "done",
                "kind": "youtube" if source == 0 else "file",
                "path": f"/films/{source}/morning sky.mp4" if source in (1, 2) else "/films/evening.mov",
                "video_id": "-0_eqVxGOju" if source == 0 else None,
            }
        )
        clips += [clip_row(folder, source, clip, kept=clip < 2) for clip in range(3)]
        np.save(folder.cache(name), np.stack([cached(source, 0), cached(source, 1)]))
    sources.append({**sources[1], "ref_id": "twin", "duplicate_of": "ref1", "path": "/films/copy.mp4"})
    clips.sort(key=lambda row: (row["source_id"], row["frame_start"]))
    write_tables(folder, sources, clips)
    return folder.root


@pytest.fixture
def sky(pristine: Path, tmp_path: Path) -> Path:
    """A folder of one's own."""
    return Path(shutil.copytree(pristine, tmp_path / "sky"))


Edit = Callable[..., None]


@pytest.fixture
def edit() -> Edit:
    """Changes cells: ``edit(folder, "clips", lambda row: ..., split=None)``."""

    def change(root: Path, table: str, which: Callable[[dict[str, Any]], bool], **cells: Any) -> None:
        folder = BuildFolder(root)
        path = getattr(folder, table)
        found = read_table(path, table)
        rows = found.to_pylist()
        changed = [row.update(cells) for row in rows if which(row)]
        assert changed, "the edit must change something"
        write_rows(path, rows, found.schema)

    return change


@pytest.fixture
def name_of() -> Callable[[int], str]:
    return source_id


@pytest.fixture
def id_of() -> Callable[[int, int], str]:
    return clip_id


@pytest.fixture
def cached_of() -> Callable[[int, int], np.ndarray]:
    return cached
