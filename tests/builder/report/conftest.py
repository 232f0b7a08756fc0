"""A build folder made by hand from rows, with one shipped filter and one of the user's own."""

from __future__ import annotations

import json
import re
import sys
import types
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

import cv2
import numpy as np
import pytest

from skyscene.builder.report import reasons
from skyscene.recipes import Component
from skyscene.records import Curve, Frames, Interval, Scale, Verdict
from skyscene.store import BuildFolder, schema, write_frames, write_rows, write_thumbs

EVIL = '<img src=x onerror=alert(1)> & "quoted" \'</script><script>alert(2)</script>.mp4'
RECIPE = """description = "A recipe <b>for tests</b>"
[windows]
length = 32
margin = 2
max_clips_per_source = 4
[filters.static]
levels = 4.0
[filters.hail]
use = "nowhere.at_all:Hail"
max_size = 0.5
[labelers.colour]
use = "nowhere.at_all:Colour"
"""
FRAMES = 400
Make = Callable[..., BuildFolder]


class Still(Component):
    """Rejects what does not move.

    More than the page shows.
    """

    scale: ClassVar[Scale] = Scale("change of a pixel", "levels", "at least", factor=10)

    levels: float

    def judge(self, frames: Frames, interval: Interval) -> Verdict:
        return Verdict(self.name, float(frames.of("luma_mean", interval).mean()), self.levels)

    def curves(self, frames: Frames) -> Sequence[Curve]:
        return [Curve("motion", "levels", frames["change_lag_p99"], 0, 300, 40, "Over 40 it moves.")]


@pytest.fixture(autouse=True)
def shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """One shipped filter, whose threshold has a name of its own."""
    module = types.ModuleType("filters_for_reports")
    module.Still = Still  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(reasons, "FILTERS", {"static": "filters_for_reports:Still"})


def source(index: int, **other: Any) -> dict[str, Any]:
    return {
        "ref_id": f"ref{index:03}",
        "source_id": f"{index:016x}",
        "status": "done",
        "kind": "file",
        "path": f"/films/film {index}.mp4",
        "frames": FRAMES,
        "width": 640,
        "height": 360,
        "fps": 30.0,
        "codec": "h264",
    } | other


def clip(source_id: str, index: int, reasons: list[str], **other: Any) -> dict[str, Any]:
    clip_id = f"{source_id}-{index}"
    kept = not reasons
    return {
        "clip_id": clip_id,
        "clip_key": clip_id,
        "source_id": source_id,
        "scene_id": f"scene-{source_id}",
        "frame_start": index * 32,
        "frame_stop": index * 32 + 32,
        "fps": 30.0,
        "width": 640,
        "height": 360,
        "kept": kept,
        "reasons": reasons,
        "details": [f"{name} said no & <i>why</i>" for name in reasons if name != "source-cap"],
        "state": "encoded" if kept else None,
        "split": ("train" if source_id.endswith("0") else "test") if kept else None,
        "path": f"clips/{source_id}/{clip_id}.mp4" if kept else None,
        "score_static": index / 10,
        "threshold_static": 0.4,
        "threshold_hail": 0.5,
        "score_hail": 0.9 if "hail" in reasons else 0.1,
        "label_colour": "red <b>" if index % 2 else "blue",
    } | other


CLIPS = schema("clips", ["static", "hail"], ["colour"])


def jpeg(value: int) -> bytes:
    _, data = cv2.imencode(".jpg", np.full((90, 160, 3), value, np.uint8))
    return bytes(data.tobytes())


def fate(index: int) -> list[str]:
    return [[], ["static"], [], ["static", "hail"], ["source-cap"]][index % 5]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Writes a build folder of three good sources and one of each bad kind."""

    def made(
        clips: Callable[[int], list[str]] | None = fate,
        sources: list[dict[str, Any]] | None = None,
        windows: int = 10,
        thumbs: bool = True,
        columns: bool = True,
    ) -> BuildFolder:
        folder = BuildFolder(tmp_path / "set")
        folder.root.mkdir(exist_ok=True)
        rows = sources if sources is not None else all_sources()
        done = [row for row in rows if row["status"] == "done" and not row.get("duplicate_of")]
        ids = [row["source_id"] for row in done]
        write_rows(folder.sources, rows, schema("sources"))
        write_rows(
            folder.scenes,
            [row for key in ids for row in scenes(key, windows)] if clips else [],
            schema("scenes"),
        )
        write_rows(
            folder.transitions, [row for key in ids for row in transitions(key)], schema("transitions")
        )
        made_clips = [clip(key, k, clips(k)) for key in ids for k in range(windows)] if clips else []
        write_rows(folder.clips, made_clips, CLIPS)
        folder.recipe.write_text(RECIPE)
        for key in ids:
            if thumbs:
                write_thumbs(folder.thumbs(key), [(at, jpeg(at % 256)) for at in range(0, FRAMES, 8)])
            if columns:
                write_frames(folder.frames(key), frames(FRAMES))
        return folder

    return made


def all_sources() -> list[dict[str, Any]]:
    return [
        source(0),
        source(1, path=f"/films/{EVIL}", url="javascript:alert(2)", title=None),
        source(2, url="https://example.org/watch?v=1&t=2"),
        source(3, source_id=f"{0:016x}", duplicate_of="ref000", path="/films/twin.mp4"),
        source(4, status="failed", reason="empty-file: it has no bytes", frames=None, source_id=None),
    ]


def scenes(key: str, windows: int) -> list[dict[str, Any]]:
    long = {"frame_start": 0, "frame_stop": 32 * windows + 5, "windows": windows, "reasons": []}
    short = {"frame_start": 370, "frame_stop": 400, "windows": 0, "reasons": ["short"]}
    named = {"scene_id": f"scene-{key}", "source_id": key}
    return [long | named, short | named]


def transitions(key: str) -> list[dict[str, Any]]:
    """All after the last window: a dissolve and a fade that overlap, a damaged frame, and a cut."""
    kinds = [("dissolve", 330, 350), ("fade", 340, 360), ("gap", 368, 369), ("cut", 370, 370)]
    return [
        {
            "source_id": key,
            "frame_start": start,
            "frame_stop": stop,
            "kind": kind,
            "score": 1.5,
            "detector": kind,
        }
        for kind, start, stop in kinds
    ]


def frames(count: int) -> Frames:
    ramp = np.linspace(0, 200, count, dtype=np.float32)
    columns: dict[str, np.ndarray] = {
        "luma_mean": ramp,
        "change_mad": ramp / 9,
        "change_lag_p99": ramp,
        "hail_size": ramp / 100,
        "tiles": np.zeros((count, 4)),
    }
    empty = np.zeros(count, dtype=bool)
    hashes = np.arange(count, dtype=np.uint64)
    return Frames(np.arange(count), hashes, empty, columns, {"luma": "1"}, 30.0, 256, 144)


def told(page: str, block: str = "data") -> Any:
    """What a page's script reads."""
    found = re.search(rf'<script type="application/json" id="{block}">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])
