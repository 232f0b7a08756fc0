"""The tables' columns. Every table carries its name and version; readers refuse what they do not know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa

SCHEMA_VERSION = 1
"""Raised whenever a table's columns change their meaning."""

_TEXT, _FLAG, _COUNT, _LONG, _REAL = pa.string(), pa.bool_(), pa.int32(), pa.int64(), pa.float64()

SOURCES: Mapping[str, pa.DataType] = {
    "ref_id": _TEXT,
    "source_id": _TEXT,
    "duplicate_of": _TEXT,
    "status": _TEXT,
    "reason": _TEXT,
    "kind": _TEXT,
    "path": _TEXT,
    "url": _TEXT,
    "frames": _LONG,
    "bad_packets": _LONG,
    "width": _COUNT,
    "height": _COUNT,
    "fps": _REAL,
    "time_base": _TEXT,
    "codec": _TEXT,
    "pix_fmt": _TEXT,
    "rotation": _COUNT,
    "sample_aspect": _TEXT,
    "colorspace": _TEXT,
    "full_range": _FLAG,
    "video_id": _TEXT,
    "channel": _TEXT,
    "channel_id": _TEXT,
    "title": _TEXT,
    "upload_date": _TEXT,
    "licence": _TEXT,
    "format": _TEXT,
    "sha256": _TEXT,
    "official_split": _TEXT,
    "extras": _TEXT,
}

TRANSITIONS: Mapping[str, pa.DataType] = {
    "source_id": _TEXT,
    "frame_start": _LONG,
    "frame_stop": _LONG,
    "kind": _TEXT,
    "score": _REAL,
    "detector": _TEXT,
}

SCENES: Mapping[str, pa.DataType] = {
    "scene_id": _TEXT,
    "source_id": _TEXT,
    "frame_start": _LONG,
    "frame_stop": _LONG,
    "crop_x": _COUNT,
    "crop_y": _COUNT,
    "crop_width": _COUNT,
    "crop_height": _COUNT,
    "windows": _COUNT,
    "reasons": pa.list_(_TEXT),
}

CLIPS: Mapping[str, pa.DataType] = {
    "clip_id": _TEXT,
    "source_id": _TEXT,
    "scene_id": _TEXT,
    "frame_start": _LONG,
    "frame_stop": _LONG,
    "pts_start": _LONG,
    "pts_stop": _LONG,
    "time_base": _TEXT,
    "fps": _REAL,
    "width": _COUNT,
    "height": _COUNT,
    "kept": _FLAG,
    "reasons": pa.list_(_TEXT),
    "details": pa.list_(_TEXT),
    "state": _TEXT,
    "split": _TEXT,
    "path": _TEXT,
    "cache_row": _COUNT,
    "sha256": _TEXT,
    "cache_sha256": _TEXT,
    "clip_key": _TEXT,
}

ASSIGNMENTS: Mapping[str, pa.DataType] = {
    "source_id": _TEXT,
    "group_id": _TEXT,
    "side": _TEXT,
    "why": _TEXT,
}

TABLES: Mapping[str, Mapping[str, pa.DataType]] = {
    "sources": SOURCES,
    "transitions": TRANSITIONS,
    "scenes": SCENES,
    "clips": CLIPS,
    "assignments": ASSIGNMENTS,
}

SCORE, THRESHOLD, LABEL = "score_", "threshold_", "label_"
"""Prefixes of the columns that filters and labellers add to the clips."""


def schema(table: str, scores: Iterable[str] = (), labels: Iterable[str] = ()) -> pa.Schema:
    """A table's schema with its name and version in the metadata.

    Args:
        table: sources, transitions, scenes, clips or assignments.
        scores: Names of the filters, for clips.
        labels: Names of the labellers, for clips.
    """
    fields = [pa.field(name, kind) for name, kind in TABLES[table].items()]
    fields += [pa.field(prefix + name, _REAL) for name in scores for prefix in (SCORE, THRESHOLD)]
    fields += [pa.field(LABEL + name, _TEXT) for name in labels]
    return pa.schema(fields, metadata={"skyscene_table": table, "schema_version": str(SCHEMA_VERSION)})
