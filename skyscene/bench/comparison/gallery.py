"""Clips to look at: the truth and every row in one loop, film strips, flow in colours."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import torch
from PIL import Image

from skyscene.bench.baselines import TRAIN_MEAN
from skyscene.bench.comparison.entrants import Comparison
from skyscene.bench.contestant import Block, spread
from skyscene.bench.pictures import resample, to_unit_clips, unit_to_bytes
from skyscene.bench.table import sums_of
from skyscene.metrics import Clips

Picture = npt.NDArray[np.uint8]
FLOW = "dis-medium"
_SPREAD = 4
_EVERY = 4
_MILLISECONDS = 90
_QUALITY = 88
_LOOP_TALL, _STRIP_TALL = 128, 96
"""Small pictures are shown in whole multiples of their pixels, as large as these leave room for."""
_FLOW_FRAMES = (0, 7, 15, 30)


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture in a page.

    Attributes:
        label: Whose.
        kind: "jpeg" or "webp".
        text: The picture in base64.
        width: In pixels, as shown.
        height: In pixels, as shown.
    """

    label: str
    kind: str
    text: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ShownClip:
    """A clip in a page.

    Attributes:
        clip_id: Which.
        why: Why it is shown.
        labels: What the loop shows from left to right.
        loop: All of them moving.
        strips: Each as a film strip.
        flows: Flow of each at some frames; only of the first clips.
    """

    clip_id: str
    why: str
    labels: tuple[str, ...]
    loop: Shown
    strips: tuple[Shown, ...]
    flows: tuple[Shown, ...]


@torch.no_grad()
def gallery(comparison: Comparison) -> list[ShownClip]:
    """Clips evenly spread over the scored ones, then the last model's best and worst by each metric."""
    chosen = _chosen(comparison)
    truth, device = comparison.contests[0].truth, comparison.contests[0].device
    ids = truth.ids
    shown = []
    for number, (place, reasons) in enumerate(chosen.items()):
        block = Block([ids[place]], truth.stored([place]).to(device))
        shown.append(_shown(comparison, block, "; ".join(reasons), with_flow=number < 2))
    return shown


def _chosen(comparison: Comparison) -> dict[int, list[str]]:
    """Places of clips, and why each is shown."""
    count = len(comparison.scored.ids)
    chosen: dict[int, list[str]] = {place: ["evenly spread"] for place in spread(count, _SPREAD)}
    models = [one for one in comparison.entrants if one.row.kind == "model"]
    for one in models[-1:]:
        for each in comparison.frame_metrics:
            if each.goal == "one":
                continue
            sums = sums_of(one.scored, one.own, each, comparison.results.frames)
            with np.errstate(invalid="ignore", divide="ignore"):
                values = each.finish(sums.values / sums.weights)
            if not np.isfinite(values).any():
                continue
            ends = {"lowest": int(np.nanargmin(values)), "highest": int(np.nanargmax(values))}
            names = (
                {"lowest": "worst", "highest": "best"}
                if each.goal == "higher"
                else {"lowest": "best", "highest": "worst"}
            )
            for end, place in ends.items():
                chosen.setdefault(place, []).append(f"{names[end]} {each.name} of {one.row.label}")
    return chosen


def _shown(comparison: Comparison, block: Block, why: str, with_flow: bool) -> ShownClip:
    size = comparison.results.size
    real = to_unit_clips(block.stored_bthwc, size)
    drawn = {"truth": real}
    beside = {}
    for one in comparison.entrants:
        if one.row.kind == "oracle" or one.row.name == TRAIN_MEAN:
            continue
        drawn[one.row.label] = resample(one.contestant.draw(block)[0], size)
        if one.contestant.pictures:
            for name, clip in one.contestant.pictures(block).items():
                beside[f"{one.row.label}: {name}"] = resample(clip, size)
    first = unit_to_bytes(real)[0, 0].cpu().numpy()
    films = {label: unit_to_bytes(clip)[0].cpu().numpy() for label, clip in drawn.items()}
    more = {label: unit_to_bytes(clip)[0].cpu().numpy() for label, clip in beside.items()}
    return ShownClip(
        clip_id=block.ids[0],
        why=why,
        labels=tuple(films),
        loop=_loop(films),
        strips=tuple(
            _strip(label, [first, *film[_EVERY - 1 :: _EVERY]]) for label, film in {**films, **more}.items()
        ),
        flows=tuple(_flows(drawn)) if with_flow else (),
    )


def _loop(films: Mapping[str, Picture]) -> Shown:
    """All clips side by side in one animation, so that they stay together."""
    frames = [_row(list(pictures)) for pictures in zip(*films.values(), strict=True)]
    pictures = [Image.fromarray(frame) for frame in frames]
    out = io.BytesIO()
    pictures[0].save(
        out,
        "WEBP",
        save_all=True,
        append_images=pictures[1:],
        duration=_MILLISECONDS,
        loop=0,
        quality=_QUALITY,
    )
    height, width = frames[0].shape[:2]
    return _sized("all", "webp", out.getvalue(), width, height, _LOOP_TALL)


def _strip(label: str, tiles: Sequence[Picture]) -> Shown:
    row = _row(tiles)
    _, jpeg = cv2.imencode(".jpg", row[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return _sized(label, "jpeg", jpeg.tobytes(), row.shape[1], row.shape[0], _STRIP_TALL)


def _flows(drawn: Mapping[str, torch.Tensor]) -> list[Shown]:
    """Direction as hue, speed as saturation: one scale for all rows, the truth's fastest tenth is full."""
    flows = {
        label: Clips(clip.clamp(0, 1)).flows(FLOW)[0][list(_FLOW_FRAMES)] for label, clip in drawn.items()
    }
    full = max(float(np.quantile(np.linalg.norm(flows["truth"], axis=-1), 0.9)), 0.1)
    return [_strip(label, [_colours(flow, full) for flow in some]) for label, some in flows.items()]


def _colours(flow_hwc: npt.NDArray[np.float32], full: float) -> Picture:
    speed = np.linalg.norm(flow_hwc, axis=-1)
    angle = np.degrees(np.arctan2(flow_hwc[..., 1], flow_hwc[..., 0])) % 360
    hsv = np.stack([angle / 2, np.clip(speed / full, 0, 1) * 255, np.full_like(speed, 255)], axis=-1)
    return np.asarray(cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2RGB), np.uint8)


def _row(tiles: Sequence[Picture]) -> Picture:
    return np.concatenate(
        [np.pad(tile, ((0, 0), (0, 2), (0, 0)), constant_values=255) for tile in tiles], axis=1
    )


def _sized(label: str, kind: str, data: bytes, width: int, height: int, tall: int) -> Shown:
    scale = max(1, tall // height)
    return Shown(label, kind, base64.b64encode(data).decode(), width * scale, height * scale)
