"""Every source: what is known of it, what became of its frames, and why it gave nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from skyscene.builder.report.explain import explain_scene, explain_source, explain_transition
from skyscene.builder.report.fates import Fates, fates
from skyscene.builder.report.tables import Row, Tables, source_name
from skyscene.builder.report.texts import Texts, rounded
from skyscene.report import safe_link


@dataclass(frozen=True, slots=True)
class Parts:
    """The rows that belong to one reference; those of a duplicate belong to its owner.

    Attributes:
        row: The reference.
        transitions: Its transitions.
        scenes: Its scenes.
        clips: Its windows.
    """

    row: Row
    transitions: Sequence[Row]
    scenes: Sequence[Row]
    clips: Sequence[Row]

    @property
    def frames(self) -> int:
        """Its frames; 0 where nothing was decoded, or another reference owns them."""
        return int(self.row["frames"] or 0) if self.owned else 0

    @property
    def owned(self) -> bool:
        """Whether the rows of these bytes belong to this reference."""
        return self.row["duplicate_of"] is None and self.row["status"] == "done"

    @property
    def fates(self) -> Fates:
        """What became of its frames."""
        return fates(self.frames, self.transitions, self.scenes, self.clips)


def all_parts(tables: Tables) -> list[Parts]:
    """Every reference with its rows, by name."""
    made = []
    for row in tables.sources:
        owned = row["duplicate_of"] is None and row["status"] == "done"
        key = str(row["source_id"]) if owned else ""
        rows = (table.get(key, []) for table in (tables.transitions_of, tables.scenes_of, tables.clips_of))
        made.append(Parts(row, *rows))
    return made


def source_data(parts: Parts, tables: Tables, texts: Texts) -> dict[str, Any]:
    """One source as plain values, without curves and pictures."""
    row, frames, fate = parts.row, parts.frames, parts.fates
    windows = tables.recipe.get("windows", {})
    length, margin = int(windows.get("length", 32)), int(windows.get("margin", 0))
    sides = sorted({clip["split"] for clip in parts.clips if clip["split"]})
    searched = [row[key] for key in ("video_id", "channel", "path", "url", "ref_id", "source_id")]
    return {
        "id": row["ref_id"],
        "name": source_name(row),
        "url": safe_link(row["url"]),
        "facts": _facts(row),
        "text": " ".join(str(word) for word in searched if word).casefold(),
        "frames": frames,
        "fps": rounded(row["fps"] or 0),
        "status": "duplicate" if row["duplicate_of"] and row["status"] == "done" else row["status"],
        "side": ", ".join(sides),
        "why": texts(explain_source(row, parts.scenes, parts.clips, tables.names, length)),
        "fates": [fate.kept, fate.rejected, fate.joined, fate.short, fate.rest],
        "scenes": [
            [
                scene["frame_start"],
                scene["frame_stop"],
                scene["windows"],
                texts(explain_scene(scene, length, margin, frames)),
            ]
            for scene in parts.scenes
        ],
        "joins": [
            [item["frame_start"], item["frame_stop"], item["kind"], texts(explain_transition(item))]
            for item in parts.transitions
        ],
    }


def _facts(row: Row) -> str:
    if not row["width"] or not row["fps"]:
        return ""
    size = f"{row['width']} \N{MULTIPLICATION SIGN} {row['height']}"
    return f"{size}, {row['fps']:.3g} frames/s, {row['codec']}"
