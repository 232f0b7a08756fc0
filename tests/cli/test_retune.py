"""What a person and a machine see of a retune."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = str(Path(sys.executable).parent / "skyscene")


def skyscene(*args: str | Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([PROGRAM, *map(str, args)], capture_output=True, text=True)
    assert "Traceback" not in done.stderr + done.stdout
    return done


@pytest.fixture(scope="module")
def folder(film: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of two films, one with a name that is awkward to print."""
    films = tmp_path_factory.mktemp("films")
    (films / "plain.mp4").write_bytes(film.read_bytes())
    (films / "[bold]odd\n.mp4").write_bytes(film.read_bytes() + b"\0")
    out = films / "set"
    assert skyscene("build", films, "--out", out, "--set", "filters.camera=false").returncode == 0
    return out


def test_a_table_says_what_would_change_and_nothing_does(folder: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    done = skyscene(
        "retune",
        folder,
        "--set",
        "filters.dark.max_p99=235",
        "--set",
        "filters.dark.max_detail=250",
        "--workers",
        "1",
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert "filters.dark.max_p99: 30 -> 235" in lines
    assert lines[-1] == "nothing is changed yet; --apply does it"
    (head,) = [line.split("  ") for line in lines if "newly kept" in line]
    names = [name.strip() for name in head if name.strip()]
    assert names == ["source", "kept", "pending", "newly kept", "newly rejected", "unchanged", "to encode"]
    (plain,) = [line.split()[1:] for line in lines if line.split()[:1] == ["plain.mp4"]]
    assert plain == ["0", "0", "0", "3", "dark", "0", "0"]
    assert any(line.strip().startswith(r"[bold]odd\n.mp4 ") for line in lines)
    assert any(line.split() == ["2", "sources", "0", "0", "0", "6", "dark", "0", "0"] for line in lines)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()} == before


def test_apply_does_it_and_json_has_the_numbers(folder: Path) -> None:
    change = ("--set", "windows.max_clips_per_source=1", "--json", "--workers", "1")
    done = skyscene("retune", folder, *change, "--apply")
    report = json.loads(done.stdout)
    assert done.returncode == 0 and done.stderr == ""
    assert report["applied"] and [item["counts"]["kept"] for item in report["sources"]] == [1, 1]
    assert report["total"] == {
        "kept": 2,
        "pending": 0,
        "newly_kept": 0,
        "newly_rejected": {"source-cap": 4},
        "unchanged": 2,
        "encoded": 0,
    }
    assert report["funnel"]["kept"] == 2
    back = skyscene(
        "retune", folder, "--set", "windows.max_clips_per_source=128", "--apply", "--workers", "1"
    )
    assert back.returncode == 0 and "4 clips encoded" in back.stdout
    assert f"--recipe {folder}/recipe.toml" in back.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (["--fetch"], 2, "--fetch needs --apply"),
        (["--set", "clips.crf=9"], 1, "clips.crf: 18 -> 9: needs a new build"),
        (["--set", "filters.drak.max_p99=3"], 1, "did you mean dark?"),
        (["--recipe", "skye"], 1, "did you mean sky?"),
        (["--set", "filters"], 1, "write it as section.name.key=value"),
    ],
)
def test_mistakes_end_in_one_line_and_a_code(folder: Path, args: list[str], code: int, message: str) -> None:
    done = skyscene("retune", folder, *args)
    assert done.returncode == code, done.stderr
    assert message in done.stderr
    assert code == 2 or (done.stderr.startswith("error: ") and len(done.stderr.splitlines()) <= 3)
