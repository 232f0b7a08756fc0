"""Every source: a row in a table, and for a sample a film over its frames with scenes, windows and curves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from skyscene.builder.report_clips import Limits
from skyscene.builder.report_pictures import Pictures
from skyscene.builder.report_reasons import Reason
from skyscene.builder.report_tables import Row, Tables, frames_text, source_name
from skyscene.records import Column
from skyscene.report import Band, FrameAxis, Mark, Strip, Trace, safe_link, spread
from skyscene.store import read_frames

PREFERRED = ("luma_mean", "change_mad", "change_fine", "change_lag_p99", "luma_p99")
"""Columns worth a curve, the best first; others follow in the order of their names."""

_TRACES = 3
_MOST_BANDS = 300


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of the table of sources.

    Attributes:
        anchor: Where its film is, within the page; none where it is not shown.
        name: Its name.
        url: Its web address; none where it has none.
        facts: Size, rate and codec, for a person; "" where nothing was decoded.
        frames: Frames decoded.
        scenes: Scenes found.
        windows: Windows laid.
        kept: Clips kept.
        side: train, val or test; "" without one.
        note: Why it yielded nothing, or less; "" if there is nothing to say.
        yielded: Whether it gave a clip, or another row with the same bytes did.
    """

    anchor: str | None
    name: str
    url: str | None
    facts: str
    frames: int
    scenes: int
    windows: int
    kept: int
    side: str
    note: str
    yielded: bool


@dataclass(frozen=True, slots=True)
class Film:
    """One source over its frames.

    Attributes:
        row: Its row in the table.
        strip: Its pictures; none where there are none.
        axis: What is drawn.
    """

    row: SourceRow
    strip: Strip | None
    axis: FrameAxis


def source_rows(tables: Tables, filmed: set[str]) -> list[SourceRow]:
    """A row for every reference."""
    sides = {clip["source_id"]: clip["split"] for clip in tables.clips if clip["split"]}
    names = {row["ref_id"]: source_name(row) for row in tables.sources}
    return [_row(row, tables, filmed, sides, names) for row in tables.sources]


def _row(
    row: Row, tables: Tables, filmed: set[str], sides: Mapping[str, str], names: Mapping[str, str]
) -> SourceRow:
    source_id = row["source_id"] or ""
    owned = row["duplicate_of"] is None and row["status"] == "done"
    clips = tables.clips_of.get(source_id, []) if owned else []
    scenes = tables.scenes_of.get(source_id, []) if owned else []
    kept = sum(clip["kept"] for clip in clips)
    return SourceRow(
        anchor=f"source-{source_id}" if owned and source_id in filmed else None,
        name=names[row["ref_id"]],
        url=safe_link(row["url"]),
        facts=_facts(row),
        frames=row["frames"] or 0,
        scenes=len(scenes),
        windows=len(clips),
        kept=kept,
        side=sides.get(source_id, "") if owned else "",
        note=_note(row, scenes, clips, names),
        yielded=kept > 0,
    )


def _facts(row: Row) -> str:
    if not row["width"] or not row["fps"]:
        return ""
    return f"{row['width']} \N{MULTIPLICATION SIGN} {row['height']}, {row['fps']:.3g} fps, {row['codec']}"


def _note(row: Row, scenes: Sequence[Row], clips: Sequence[Row], names: Mapping[str, str]) -> str:
    """Why a source yielded nothing."""
    if row["status"] != "done":
        return str(row["reason"] or row["status"])
    if row["duplicate_of"]:
        return f"same bytes as {names.get(row['duplicate_of'], row['duplicate_of'])}"
    if not scenes:
        return "no scene found"
    if not clips:
        longest = max(scene["frame_stop"] - scene["frame_start"] for scene in scenes)
        return f"no scene long enough for a window; the longest has {longest} frames"
    if any(clip["kept"] for clip in clips):
        return ""
    counts = Counter(name for clip in clips for name in clip["reasons"]).most_common()
    return "all windows rejected: " + ", ".join(f"{name} {count:,}" for name, count in counts)


def filmed_sources(tables: Tables, limits: Limits) -> list[str]:
    """The sources that get a film: a sample spread over those with frames."""
    return spread([key for key, row in tables.owners.items() if row["frames"]], limits.films)


def films(
    tables: Tables,
    chosen: Sequence[str],
    rows: Sequence[SourceRow],
    reasons: Sequence[Reason],
    pictures: Pictures,
    anchors: Mapping[str, str],
) -> list[Film]:
    """The films of the chosen sources.

    Args:
        tables: The tables.
        chosen: source_ids.
        rows: The table of sources.
        reasons: For the colours.
        pictures: For the strips.
        anchors: clip_id to the card that a window leads to.
    """
    by_anchor = {row.anchor: row for row in rows if row.anchor}
    styles = {reason.name: reason.style for reason in reasons}
    made = []
    for source_id in chosen:
        frames = int(tables.owners[source_id]["frames"])
        axis = _axis(tables, source_id, frames, styles, anchors)
        strip = pictures.of_source(source_id, frames)
        made.append(Film(by_anchor[f"source-{source_id}"], strip, axis))
    return made


def _axis(
    tables: Tables, source_id: str, frames: int, styles: Mapping[str, str], anchors: Mapping[str, str]
) -> FrameAxis:
    transitions = tables.transitions_of.get(source_id, [])
    return FrameAxis(
        frames=frames,
        scenes=[_scene_band(scene) for scene in tables.scenes_of.get(source_id, [])],
        transitions=[
            _band(item, f"t-{item['kind']}", item["kind"])
            for item in transitions
            if item["frame_stop"] > item["frame_start"]
        ],
        cuts=[
            Mark(item["frame_start"], f"cut at {item['frame_start']:,}")
            for item in transitions
            if item["frame_stop"] == item["frame_start"]
        ],
        windows=_window_bands(tables.clips_of.get(source_id, []), styles, anchors),
        traces=_traces(tables, source_id),
    )


def _band(row: Row, style: str, name: str, href: str | None = None) -> Band:
    start, stop = row["frame_start"], row["frame_stop"]
    return Band(start, stop, style, f"{name}, {frames_text(start, stop)}", href)


def _scene_band(scene: Row) -> Band:
    if scene["windows"]:
        return _band(scene, "scene", f"scene with {scene['windows']} windows")
    return _band(scene, "scene-short", f"scene too short ({', '.join(scene['reasons'])})")


def _window_bands(clips: Sequence[Row], styles: Mapping[str, str], anchors: Mapping[str, str]) -> list[Band]:
    """A band a window; where they are too many to be seen, one for each run with the same first reason."""

    def fate(clip: Row) -> str:
        return "kept" if clip["kept"] else str(clip["reasons"][0])

    if len(clips) <= _MOST_BANDS:
        bands = []
        for clip in clips:
            anchor = anchors.get(clip["clip_id"])
            name = "kept" if clip["kept"] else ", ".join(clip["reasons"])
            style = styles.get(fate(clip), "kept")
            bands.append(_band(clip, style, name, f"#{anchor}" if anchor else None))
        return bands
    bands = []
    for name, run in groupby(clips, fate):
        some = list(run)
        start, stop = some[0]["frame_start"], some[-1]["frame_stop"]
        title = f"{name}: {len(some)} windows, {frames_text(start, stop)}"
        bands.append(Band(start, stop, styles.get(name, "kept"), title))
    return bands


def _traces(tables: Tables, source_id: str) -> list[Trace]:
    path = tables.folder.frames(source_id)
    if not path.is_file():
        return []
    frames = read_frames(path)
    curves = {name: values for name, values in frames.columns.items() if _is_curve(values)}
    names = [name for name in PREFERRED if name in curves]
    names += sorted(set(curves) - set(names))
    return [Trace.of(name.replace("_", " "), curves[name], frames.start) for name in names[:_TRACES]]


def _is_curve(values: Column) -> bool:
    return values.ndim == 1 and len(values) > 1 and np.issubdtype(values.dtype, np.number)
