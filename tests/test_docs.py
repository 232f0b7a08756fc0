"""What the documents say is what the program does."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from skyscene.cli.app import BENCH_COMMANDS, COMMANDS, STUDY_COMMANDS

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^\1```", re.M | re.S)


def blocks(page: str, section: str | None = None) -> list[tuple[str, str]]:
    """Language and text of the code blocks of a page, or of one section, in order."""
    text = (ROOT / page).read_text(encoding="utf-8")
    if section is not None:
        text = text.split(f"\n## {section}\n", 1)[1].split("\n## ", 1)[0]
    return [
        (language, re.sub(rf"^{indent}", "", body, flags=re.M))
        for indent, language, body in BLOCK.findall(text)
    ]


def run(command: str, folder: Path) -> None:
    """Runs one documented command in a folder, by the program of this environment."""
    program, *rest = shlex.split(command)
    ours = Path(sys.executable).parent / program
    done = subprocess.run(
        [str(ours) if ours.exists() else program, *rest],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONWARNINGS": "error"},
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr


def follow(page: str, folder: Path, section: str | None = None) -> int:
    """Does what a page says: files are written, console lines and Python blocks run; how many did."""
    count = 0
    for language, text in blocks(page, section):
        named = re.match(r"# (\S+\.(?:py|toml))\n", text)
        if named:
            (folder / named[1]).write_text(text, encoding="utf-8")
        elif language == "console":
            for line in text.splitlines():
                assert line.startswith("$ "), f"{page}: a console block holds only commands: {line}"
                run(line[2:], folder)
                count += 1
        elif language == "python":
            script = folder / "script.py"
            script.write_text(text, encoding="utf-8")
            run("python script.py", folder)
            count += 1
    return count


def test_the_page_on_curating_runs_as_it_stands(tmp_path: Path) -> None:
    assert follow("docs/curate.md", tmp_path) == 12
    assert (tmp_path / "sky" / "report.html").is_file()
    assert any((tmp_path / "sky_timelapse" / "sky_train").iterdir())


def test_a_filter_is_added_by_the_steps_of_contributing(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    assert follow("CONTRIBUTING.md", tmp_path, "Add a filter") == 3
    clips = pq.read_table(tmp_path / "clips" / "clips.parquet")
    assert "score_too_green" in clips.column_names and clips.num_rows == 4


@pytest.fixture
def cache(shared_temp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where drawn skies stay: they are drawn by one test, the others wait for it."""
    monkeypatch.setenv("SKYSCENE_CACHE", str(shared_temp / "drawn"))


@pytest.mark.timeout(900)
def test_the_page_on_training_runs_as_it_stands(tmp_path: Path, cache: None) -> None:
    assert follow("docs/train.md", tmp_path) == 3
    assert (tmp_path / "runs" / "rnngan-synthsky64-seed0" / "report.html").is_file()


@pytest.mark.timeout(900)
def test_the_page_on_scoring_runs_as_it_stands(tmp_path: Path, cache: None) -> None:
    assert follow("docs/score.md", tmp_path) == 5
    assert (tmp_path / "scores" / "shift" / "report.html").is_file()


@pytest.mark.timeout(900)
def test_the_page_on_studies_runs_as_it_stands(tmp_path: Path, cache: None) -> None:
    assert follow("docs/study.md", tmp_path) == 10
    assert "MADE UP" in (tmp_path / "rehearsal" / "report.md").read_text("utf-8")


def test_every_platform_is_told_with_the_origin_of_its_format() -> None:
    from skyscene.study.platforms import PLATFORMS

    page = (ROOT / "docs" / "study.md").read_text("utf-8")
    rows = [[cell.strip(" `") for cell in line.split("|")] for line in page.splitlines() if line[:1] == "|"]
    told = {(row[1], row[-2]) for row in rows}
    assert {(platform.name, platform.verified) for platform in PLATFORMS.values()} <= told


def test_every_protocol_is_told() -> None:
    from skyscene.recipes import names

    page = (ROOT / "docs" / "study.md").read_text("utf-8")
    assert all(f"| `{name}` |" in page for name in names("studies"))


def test_every_metric_is_defined_with_its_spec_id() -> None:
    from skyscene.metrics import METRICS

    rows = [
        line
        for line in (ROOT / "docs" / "score.md").read_text("utf-8").splitlines()
        if line.startswith("| `")
    ]
    told = {tuple(cell.strip(" `") for cell in row.split("|")[1:4]) for row in rows}
    assert {(found.name, found.goal, found.spec_id) for found in METRICS.values()} <= told


def test_a_metric_is_added_by_the_steps_of_contributing(tmp_path: Path) -> None:
    assert follow("CONTRIBUTING.md", tmp_path, "Add a metric") == 1


@pytest.mark.timeout(900)
def test_a_model_is_added_by_the_steps_of_contributing(tmp_path: Path, cache: None) -> None:
    import json

    assert follow("CONTRIBUTING.md", tmp_path, "Add a model") == 1
    results = json.loads((tmp_path / "runs" / "fading-synthsky64-seed0" / "results.json").read_text())
    assert [row["label"] for row in results["rows"]][-1] == "Fading"


def test_the_page_of_commands_is_what_the_program_says() -> None:
    # A process of its own: click keeps a command's help option as it was first asked for.
    tool = [sys.executable, str(ROOT / "tools" / "commands_page.py"), "--print"]
    page = subprocess.run(tool, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == page, "run `make docs`"


@pytest.mark.parametrize(
    "command",
    [
        *(f"skyscene {name}" for name in COMMANDS),
        *(f"bench {name}" for name in BENCH_COMMANDS),
        *(f"bench study {name}" for name in STUDY_COMMANDS),
    ],
)
def test_every_command_is_documented(command: str) -> None:
    assert f"## {command}\n" in (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
    told = [p for p in pages if p.name != "commands.md" and command in p.read_text("utf-8")]
    assert told, f"no page tells of `{command}`"


def test_every_column_is_documented() -> None:
    from skyscene.store import TABLES

    text = (ROOT / "docs" / "build-folder.md").read_text(encoding="utf-8")
    for table, columns in TABLES.items():
        section = text.split(f"\n## {table}.parquet\n", 1)[1].split("\n## ", 1)[0]
        missing = [name for name in columns if f"`{name}`" not in section]
        assert not missing, f"{table}: {missing}"


def test_every_link_between_pages_leads_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("*/README.md")]:
        if ".venv" in page.parts:
            continue
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_promise_of_exactness_names_a_test_that_is_there() -> None:
    rows = [
        line for line in (ROOT / "docs" / "exactness.md").read_text("utf-8").splitlines() if line[:1] == "|"
    ]
    promises = [row for row in rows if not row.startswith(("|---", "| promise", "| what was", "| whatever"))]
    assert len(promises) > 30
    for row in promises:
        named = re.findall(r"`([\w/]+\.py)::(test_\w+)`", row.split("|")[-2])
        assert named, f"no test: {row}"
        for file, test in named:
            code = (ROOT / "tests" / file).read_text(encoding="utf-8")
            assert f"def {test}(" in code, f"{file} has no {test}"
