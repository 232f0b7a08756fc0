"""The chain on real footage: what a good curator keeps is kept, and no clip crosses a known cut."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from skyscene.builder import build, split, verify

SKIES = ("te_clouds", "ro_sunny", "mo_clouds", "di_clouds", "di_clear", "dr_default", "ro_cloudy_night")


@pytest.mark.footage
@pytest.mark.timeout(1200)
def test_real_skies_are_kept_the_pan_is_not_and_no_clip_crosses_a_cut(footage: Path, tmp_path: Path) -> None:
    names = [footage / "sky" / f"{name}.mp4" for name in (*SKIES, "skyar_annarbor", "city_day_cumulus")]
    report = build([*names, footage / "cuts"], tmp_path / "out")
    split(report.folder)
    sources = pq.read_table(report.folder / "sources.parquet").to_pylist()
    clips = [clip for clip in pq.read_table(report.folder / "clips.parquet").to_pylist()]
    name_of = {row["source_id"]: Path(row["path"]).name for row in sources}
    frames = {Path(row["path"]).name: row["frames"] for row in sources}
    kept = [(name_of[clip["source_id"]], clip) for clip in clips if clip["kept"]]
    count = {name: sum(1 for file, _ in kept if file == name) for name in frames}
    for sky in SKIES:
        possible = frames[f"{sky}.mp4"] // 32
        assert count[f"{sky}.mp4"] >= 0.6 * possible, f"{sky}: {count[f'{sky}.mp4']} of {possible}"
    assert count["splice_sky_360p.mp4"] >= 17
    assert count["skyar_annarbor.mp4"] == 0
    pan = [c for c in clips if name_of[c["source_id"]] == "skyar_annarbor.mp4"]
    assert pan and all("camera" in clip["reasons"] for clip in pan)
    assert not list(crossings(footage, kept))
    assert verify(report.folder).faults == ()


def crossings(footage: Path, kept: list[tuple[str, dict[str, int]]]) -> list[str]:
    found = []
    with (footage / "CUTS.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            spans: list[tuple[int, ...]] = [(int(cut), int(cut)) for cut in row["hard_cuts"].split()]
            spans += [tuple(map(int, item.split(":")[1].split("-"))) for item in row["transitions"].split()]
            for name, clip in kept:
                if name != Path(row["file"]).name:
                    continue
                for start, stop in spans:
                    cut = start == stop and clip["frame_start"] < start < clip["frame_stop"]
                    blend = start < stop and clip["frame_start"] < stop and clip["frame_stop"] > start
                    if cut or blend:
                        found.append(f"{name} {clip['frame_start']} crosses {start}-{stop}")
    return found
