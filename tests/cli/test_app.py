"""The command line as a person meets it: one line, the right exit code, no traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from skyscene.cli.app import COMMANDS

PROGRAM = str(Path(sys.executable).parent / "skyscene")


def skyscene(*args: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([PROGRAM, *map(str, args)], capture_output=True, text=True, cwd=cwd)
    assert "Traceback" not in done.stderr + done.stdout
    return done


@pytest.mark.parametrize("command", [(), *[(name,) for name in COMMANDS]])
def test_every_command_has_help(command: tuple[str, ...]) -> None:
    done = skyscene(*command, "--help")
    assert done.returncode == 0 and done.stdout.startswith("Usage: skyscene")


def test_bench_is_a_program_of_its_own() -> None:
    done = subprocess.run([PROGRAM.replace("skyscene", "bench"), "--help"], capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.startswith("Usage: bench")


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, skyscene, skyscene.cli.app;"
        "heavy = ('av', 'cv2', 'numpy', 'pyarrow', 'torch', 'matplotlib', 'rich');"
        "print([m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (["biuld"], 2, "did you mean build?"),
        (["build"], 2, "Missing argument"),
        (["build", "x.mp4"], 2, "--out"),
        (["build", "x.mp4", "--out", "o", "--worker", "2"], 2, "--worker"),
        (["build", "x.mp4", "--out", "o"], 1, "x.mp4"),
        (["build", ".", "--out", "o", "--recipe", "skyy"], 1, "did you mean sky?"),
        (["build", ".", "--out", "o", "--set", "windows.lenght=3"], 1, "did you mean length?"),
        (["build", ".", "--out", "o", "--set", "windows"], 1, "section.name.key=value"),
        (["split", "nowhere", "--by-source"], 2, "does not exist"),
        (["split", "."], 2, "--by-source"),
        (["split", ".", "--by-source"], 1, "not a build folder"),
        (["verify", "."], 1, "not a build folder"),
        (["report", "."], 1, "not a build folder"),
        (["export", ".", "--format", "official", "--to", "x"], 1, "not a build folder"),
        (["synth", "--out", "o", "--size", "640"], 2, "640x360"),
        (["synth", "--out", "o", "--size", "641x360"], 2, "even"),
    ],
)
def test_mistakes_get_a_line_and_a_code(args: list[str], code: int, message: str, tmp_path: Path) -> None:
    done = skyscene(*args, cwd=tmp_path)
    assert done.returncode == code, done.stderr
    assert message in done.stderr
    if code == 1:
        assert done.stderr.startswith("error: ") and len(done.stderr.splitlines()) <= 3


def test_build_split_export_by_json(film: Path, tmp_path: Path) -> None:
    out = tmp_path / "set"
    done = skyscene("build", film, "--out", out, "--set", "filters.camera=false", "--json")
    facts = json.loads(done.stdout)
    assert done.returncode == 0 and done.stderr == ""
    assert facts["funnel"]["sources"] == 1 and facts["built"] == 1
    sides = json.loads(skyscene("split", out, "--by-source", "--json").stdout)
    assert sides["placed"] == 1
    wrong = skyscene("export", out, "--format", "offical", "--to", tmp_path / "x")
    assert wrong.returncode == 1 and "did you mean official?" in wrong.stderr
    done = skyscene("export", out, "--format", "npz", "--to", tmp_path / "npz", "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["files"] >= 1


def test_strict_turns_a_bad_source_into_exit_code_1(film: Path, tmp_path: Path) -> None:
    folder = tmp_path / "films"
    folder.mkdir()
    (folder / "good.mp4").write_bytes(film.read_bytes())
    (folder / "bad.mp4").write_bytes(b"no video")
    lax = skyscene("build", folder, "--out", tmp_path / "a")
    assert lax.returncode == 0 and "bad.mp4: not-a-video" in lax.stderr
    strict = skyscene("build", folder, "--out", tmp_path / "b", "--strict")
    assert strict.returncode == 1 and "1 sources yielded nothing" in strict.stderr
