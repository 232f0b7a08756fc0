"""A folder that Hugging Face ``datasets`` reads, here or from its hub.

::

    README.md                      dataset card; its header names the splits
    train/metadata.parquet         file_name and the index row
    train/5f/5f0c....mp4
    val/...   test/...             "val" is read as the split "validation"

The metadata is Parquet: of CSV and JSON the reader guesses the types split by split, and refuses a set in
which a column is empty in one of them. Clips lie in subfolders, since the hub takes 10,000 files a folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from skyscene.dataset.clip_set import ClipSet
from skyscene.dataset.exporters.facts import PRIVATE, sides
from skyscene.dataset.exporters.protocol import Tick

_SPLITS = {"train": "train", "val": "validation", "test": "test"}


@dataclass(frozen=True, slots=True)
class HuggingFaceExporter:
    """The clips' own mp4 files, a metadata table a split and a dataset card."""

    def write(self, clips: ClipSet, path: Path, tick: Tick) -> None:
        """Writes the files, clip by clip."""
        done = 0
        counts: dict[str, tuple[int, int]] = {}
        for side, chosen in sides(clips):
            names = []
            for place, clip in enumerate(chosen):
                names.append(f"{clip.clip_id[:2]}/{clip.clip_id}.mp4")
                file = path / side / names[-1]
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(chosen.file_bytes(place))
                done += 1
                tick(done)
            pq.write_table(_metadata(chosen, names), path / side / "metadata.parquet", compression="zstd")
            counts[side] = (len(chosen.source_ids), len(chosen))
        (path / "README.md").write_text(card(counts), encoding="utf-8", newline="\n")


def _metadata(clips: ClipSet, names: list[str]) -> pa.Table:
    table = clips.table.drop_columns([name for name in PRIVATE if name in clips.table.column_names])
    table = table.add_column(0, pa.field("file_name", pa.string()), pa.array(names, pa.string()))
    return table.replace_schema_metadata(None)


def card(counts: Mapping[str, tuple[int, int]]) -> str:
    """The dataset card.

    Args:
        counts: Side to its number of sources and of clips.
    """
    header = [
        "---",
        "pretty_name: Sky time-lapse clips",
        "license: unknown",
        "tags:",
        "- video",
        "- time-lapse",
    ]
    header += ["configs:", "- config_name: default", "  data_files:"]
    rows = []
    for side, (sources, clips) in counts.items():
        header += [f"  - split: {_SPLITS[side]}", f"    path: {side}/**"]
        rows.append(f"| {_SPLITS[side]} | {sources} | {clips} |")
    body = [
        "# Sky time-lapse clips",
        "",
        "Clips cut, filtered and split by SkyScene. No source has clips in two splits.",
        "The rights in the pictures stay with the makers of the source videos.",
        "",
        "| split | sources | clips |",
        "|---|---|---|",
        *rows,
        "",
        "```python",
        "from datasets import load_dataset",
        "",
        'clips = load_dataset("videofolder", data_dir="THIS_FOLDER")',
        "```",
    ]
    return "\n".join([*header, "---", "", *body, ""])
