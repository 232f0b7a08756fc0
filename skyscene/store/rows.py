"""Records as rows of tables, and back."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from skyscene.records import (
    Clip,
    Crop,
    Interval,
    Label,
    Scene,
    Source,
    StreamFacts,
    Transition,
    Verdict,
)
from skyscene.store.schemas import LABEL, SCORE, THRESHOLD

Row = dict[str, Any]


def _span(interval: Interval) -> Row:
    # A component of the user's may count in NumPy's integers, which JSON refuses.
    return {"frame_start": int(interval.start), "frame_stop": int(interval.stop)}


def _interval(row: Mapping[str, Any]) -> Interval:
    return Interval(row["frame_start"], row["frame_stop"])


def facts_row(facts: StreamFacts) -> Row:
    """Stream facts as columns."""
    row = {field.name: getattr(facts, field.name) for field in dataclasses.fields(facts)}
    return row | {"time_base": str(facts.time_base), "sample_aspect": str(facts.sample_aspect)}


def facts_from(row: Mapping[str, Any]) -> StreamFacts:
    """The opposite of `facts_row`."""
    values = {field.name: row[field.name] for field in dataclasses.fields(StreamFacts)}
    values |= {key: Fraction(values[key]) for key in ("time_base", "sample_aspect")}
    return StreamFacts(**values)


def source_row(source: Source) -> Row:
    """A row of `sources.parquet`."""
    ref = source.ref
    row: Row = {
        "ref_id": ref.ref_id,
        "source_id": source.source_id,
        "duplicate_of": source.duplicate_of,
        "status": source.status,
        "reason": source.reason,
        "kind": ref.kind,
        "path": source.path,
        "url": ref.url,
        "sha256": source.sha256,
        "official_split": ref.official_split,
        "extras": json.dumps(dict(ref.extras), sort_keys=True) if ref.extras else None,
        **dataclasses.asdict(source.provenance),
    }
    row["video_id"] = source.video_id
    row = {name: _storable(value) if isinstance(value, str) else value for name, value in row.items()}
    return row | (facts_row(source.facts) if source.facts else {})


def _storable(text: str) -> str:
    r"""Text that Parquet takes: a file name need not be UTF-8.

    >>> _storable("sky" + chr(0xdcff) + ".mp4")
    'sky\\udcff.mp4'
    """
    return text.encode("utf-8", "backslashreplace").decode()


def transition_row(source_id: str, transition: Transition) -> Row:
    """A row of `transitions.parquet`."""
    return {
        "source_id": source_id,
        **_span(transition.interval),
        "kind": transition.kind,
        "score": float(transition.score),
        "detector": transition.detector,
    }


def transition_from(row: Mapping[str, Any]) -> Transition:
    """The opposite of `transition_row`."""
    return Transition(_interval(row), row["kind"], row["score"], row["detector"])


def scene_row(scene: Scene) -> Row:
    """A row of `scenes.parquet`."""
    return {
        "scene_id": scene.scene_id,
        "source_id": scene.source_id,
        **_span(scene.interval),
        **{f"crop_{name}": value for name, value in dataclasses.asdict(scene.crop).items()},
        "windows": scene.windows,
        "reasons": list(scene.reasons),
    }


def scene_from(row: Mapping[str, Any]) -> Scene:
    """The opposite of `scene_row`."""
    crop = Crop(row["crop_x"], row["crop_y"], row["crop_width"], row["crop_height"])
    return Scene(
        row["scene_id"], row["source_id"], _interval(row), crop, tuple(row["reasons"]), row["windows"]
    )


_PLAIN = ("clip_id", "clip_key", "source_id", "scene_id", "pts_start", "pts_stop", "fps", "width", "height")
_WRITTEN = ("state", "path", "cache_row", "sha256", "cache_sha256")


def clip_row(clip: Clip) -> Row:
    """A row of `clips.parquet`; the split is joined later."""
    sentences = {verdict.filter: verdict.reason for verdict in clip.verdicts}
    return {
        **{name: getattr(clip, name) for name in (*_PLAIN, *_WRITTEN)},
        **_span(clip.interval),
        "time_base": str(clip.time_base),
        "kept": clip.kept,
        "reasons": list(clip.reasons),
        "details": [sentences[reason] for reason in clip.reasons if sentences.get(reason)],
        **{SCORE + verdict.filter: float(verdict.score) for verdict in clip.verdicts},
        **{THRESHOLD + verdict.filter: float(verdict.threshold) for verdict in clip.verdicts},
        **{LABEL + label.labeler: str(label.value) for label in clip.labels},
    }


def clip_from(row: Mapping[str, Any]) -> Clip:
    """The opposite of `clip_row`, but for the labels' scores."""
    scores = {key.removeprefix(SCORE): row[key] for key in row if key.startswith(SCORE)}
    written: Row = {name: row.get(name) for name in _WRITTEN}
    sentences = dict(zip([name for name in row["reasons"] if name in scores], row["details"], strict=False))
    return Clip(
        **{name: row[name] for name in _PLAIN},
        **written,
        interval=_interval(row),
        time_base=Fraction(row["time_base"]),
        verdicts=tuple(
            Verdict(name, score, row[THRESHOLD + name], sentences.get(name)) for name, score in scores.items()
        ),
        reasons=tuple(row["reasons"]),
        labels=tuple(
            Label(key.removeprefix(LABEL), row[key], float("nan")) for key in row if key.startswith(LABEL)
        ),
    )
