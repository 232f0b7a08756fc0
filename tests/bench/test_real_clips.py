"""Training and scoring on clips of real skies, from files to a page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from skyscene.builder import build, split
from skyscene.cli.app import bench
from tests.bench.conftest import NARROW

SKIES = ("te_clouds", "ro_sunny", "mo_clouds", "di_clouds", "di_clear", "dr_default")


@pytest.mark.footage
@pytest.mark.timeout(900)
def test_both_stages_are_trained_and_scored_on_real_skies(footage: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    split(build([footage / "sky" / f"{name}.mp4" for name in SKIES], out).folder)
    words = ["run", "mdgan", "--data", out, "--budget", "4", "--device", "cpu", "--out", tmp_path / "runs"]
    narrow = [word for change in NARROW["mdgan"] for word in ("--set", change)]
    done = CliRunner().invoke(bench, [*map(str, words), *narrow, "--metric", "mse01"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    folder = tmp_path / "runs" / "mdgan-sky128-seed0"
    results = json.loads((folder / "results.json").read_text())
    assert (results["size"], results["benchmark"]) == (128, "sky128/1")
    rows = {row["name"]: row["cells"][0]["scored"]["mean"] for row in results["rows"]}
    assert rows["clip-mean"] < rows["copy-first"] < rows["base"], (
        "real skies move, and four clips teach nothing"
    )
    assert (folder / "report.html").stat().st_size > 100_000
