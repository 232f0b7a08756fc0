"""The odd files beside the checkout: each a row with the status and counts that were checked by hand."""

from __future__ import annotations

import csv
import subprocess
from pathlib import Path

import imageio_ffmpeg
import pyarrow.parquet as pq
import pytest

from skyscene.builder import build
from tests.hostile.conftest import Here

FIXTURE = Path(__file__).with_name("odd_files.csv")
WITH_NUMBERS = ("frames", "bad_packets", "width", "height", "rotation")


def listed() -> list[dict[str, str]]:
    with FIXTURE.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.footage
def test_every_odd_file_ends_in_the_row_that_is_listed(footage: Path, plain: Path, tmp_path: Path) -> None:
    report = build(footage / "odd", tmp_path / "set", recipe=str(plain), clips=False, executor=Here())
    found = {
        Path(row["path"]).name: row for row in pq.read_table(tmp_path / "set" / "sources.parquet").to_pylist()
    }
    wanted = listed()
    assert sorted(found) == sorted(row["file"] for row in wanted)
    for row in wanted:
        source = found[row["file"]]
        assert (source["status"], source["reason"] or "") == (row["status"], row["reason"]), row["file"]
        for column in WITH_NUMBERS:
            assert source[column] == int(row[column]), f"{row['file']}: {column}"
        assert (source["codec"], source["pix_fmt"]) == (row["codec"], row["pix_fmt"]), row["file"]
        told = [notice for notice in report.notices if f"/{row['file']}: " in notice]
        assert [notice.partition(f"/{row['file']}: ")[2] for notice in told] == [row["told"]] * bool(
            row["told"]
        )


@pytest.mark.footage
@pytest.mark.parametrize("row", listed(), ids=lambda row: row["file"])
def test_another_program_counts_the_same_frames(row: dict[str, str], footage: Path) -> None:
    """ffmpeg's own program, of another build, on one thread and passing every frame through."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "quiet", "-threads", "1"]
    command += ["-i", str(footage / "odd" / row["file"]), "-map", "0:v:0", "-fps_mode", "passthrough"]
    done = subprocess.run(
        [*command, "-f", "framehash", "-hash", "adler32", "-"], capture_output=True, text=True
    )
    frames = [line for line in done.stdout.splitlines() if not line.startswith("#")]
    assert len(frames) == int(row["frames"])
    assert int(row["packets"]) - len(frames) <= int(row["bad_packets"])
