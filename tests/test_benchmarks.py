"""The benchmarks run, and what judges their numbers judges right; no number is judged here."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.speed import __main__ as program
from benchmarks.speed import page, programs, shares
from benchmarks.speed.contest import Timing, interleave
from benchmarks.speed.footage import look, real
from benchmarks.speed.memory import Watcher
from benchmarks.speed.process import ROOT, Usage, output, run
from benchmarks.speed.result import Goal, Result, versus
from benchmarks.speed.setting import Setting

SPIN = "import time\nwhile time.process_time() < 0.4: pass"
PARENT = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]], check=True)"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("bench", program.BENCHES)
def test_every_benchmark_yields_its_lines(
    bench: str, cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert program.main([bench, "--quick", "--json", "--cache", str(cache)]) == 0
    out, told = capsys.readouterr()
    results = json.loads(out)["results"]
    assert results and {row["bench"] for row in results} == {bench}
    for row in results:
        assert row["case"] in told and row["verdict"] == ""
        assert (row["value"] is None) == (bench == "others"), row


def test_a_benchmark_that_breaks_is_told_and_does_not_stop_the_others(
    cache: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(setting: Setting) -> Iterator[Result]:
        yield Result("bad", "one", 1.0)
        run([sys.executable, "-c", "raise SystemExit('no such luck')"])

    def works(setting: Setting) -> Iterator[Result]:
        yield Result("good", "other", 2.0)

    monkeypatch.setattr(program, "BENCHES", {"bad": breaks, "good": works})
    assert program.main(["--quick", "--json", "--cache", str(cache)]) == 1
    rows = json.loads(capsys.readouterr().out)["results"]
    assert [(row["bench"], row["value"]) for row in rows] == [("bad", 1.0), ("bad", None), ("good", 2.0)]
    assert "no such luck" in rows[1]["note"]


def test_sides_take_turns_and_medians_are_of_their_own_runs() -> None:
    walls = iter([3.0, 10.0, 1.0, 30.0, 2.0, 20.0])
    order: list[str] = []

    def side(name: str) -> Usage:
        order.append(name)
        return Usage(next(walls), 1.0)

    timed = interleave({"a": lambda: side("a"), "b": lambda: side("b")}, 3)
    assert order == ["a", "b"] * 3
    assert timed["a"].wall == 2.0 and timed["b"].wall == 20.0
    assert timed["a"].then(timed["b"]).wall == 22.0


@pytest.mark.parametrize(
    ("ours", "faster", "goal", "value", "verdict"),
    [
        (2.6, False, Goal(1.3, at_most=True), 1.3, "met"),
        (2.8, False, Goal(1.3, at_most=True), 1.4, "MISSED"),
        (0.5, True, Goal(3, at_most=False), 4.0, "met"),
        (1.0, True, Goal(3, at_most=False), 2.0, "MISSED"),
        (1.0, True, None, 2.0, ""),
    ],
)
def test_a_ratio_of_medians_is_judged_by_its_goal(
    ours: float, faster: bool, goal: Goal | None, value: float, verdict: str
) -> None:
    mine, other = Timing("ours", (Usage(ours, 3.0),)), Timing("other", (Usage(2.0, 6.0),))
    result = versus("analysis", "case", mine, other, goal, faster=faster, profile=("a line",))
    assert result.value == pytest.approx(value)
    assert result.cpu == pytest.approx(2.0 if faster else 0.5)
    assert result.verdict == verdict and result.missed == (verdict == "MISSED")
    first = next(result.lines())
    assert first.endswith(f": {verdict}") if verdict else "goal" not in first


def test_processor_time_includes_what_a_program_started() -> None:
    used = run([sys.executable, "-c", PARENT, SPIN])
    assert used.cpu > 0.35


def test_memory_is_that_of_the_processes_a_program_started() -> None:
    grow = "import sys; full = bytearray(150 * 2**20); print('full', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, grow], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        assert process.stdout.readline() == b"full\n"
        watcher = Watcher(process.pid)
        watcher.look()
        process.stdin.close()
    assert watcher.peaks.worker > 150 * 2**20 and watcher.peaks.private > 150 * 2**20
    assert watcher.peaks.tree > watcher.peaks.worker


def test_the_table_of_one_footage_is_written_and_the_other_stays() -> None:
    old = page.README.read_text(encoding="utf-8")
    missed = Result("tiny", "a source", 61.0, "ms", 60.0, Goal(50, at_most=True), profile=("decode 99 %",))
    new = page.write_tables(old, "real time-lapses", "the command", "the machine", [missed])
    again = page.write_tables(new, "real time-lapses", "the command", "the machine", [missed])
    assert new == again != old
    assert "| tiny | a source | 61.0 ms | 60.0 ms | at most 50 | **MISSED** |" in new
    assert "    | decode 99 %" in new
    assert new.split("<!-- results: real", 1)[0] == old.split("<!-- results: real", 1)[0]
    drawn = page.write_tables(new, "drawn skies", "a command", "a machine", [])
    assert "a machine" in drawn and drawn.endswith(new.split("## Results on real", 1)[1])
    with pytest.raises(ValueError, match="no part between"):
        page.write_tables(old, "cartoons", "the command", "the machine", [missed])


def test_the_stages_of_a_profile_are_where_the_code_is() -> None:
    assert all((ROOT / "skyscene" / place).exists() for place in shares.STAGES.values())


def test_a_profile_counts_a_call_for_the_stage_that_was_entered_first() -> None:
    def key(place: str, name: str) -> shares.Key:
        return str(ROOT / "skyscene" / place), 1, name

    source, decode, helper = (
        key("builder/source.py", "go"),
        key("media/decode.py", "f"),
        key("store/x.py", "g"),
    )
    builtin = ("~", 0, "<c>")
    stats: shares.Stats = {
        source: (1, 1, 1.0, 10.0, {}),
        decode: (1, 1, 2.0, 8.0, {source: (1, 1, 2.0, 8.0)}),
        helper: (1, 1, 3.0, 6.0, {decode: (1, 1, 3.0, 6.0)}),
        builtin: (1, 1, 4.0, 4.0, {helper: (1, 1, 4.0, 4.0)}),
    }
    first, *rest = shares.lines(stats)
    assert (
        first.startswith("10.00 s")
        and "decode 80 %" in first
        and "tables 0 %" in first
        and "other 20 %" in first
    )
    assert [line.split()[-1] for line in rest] == [
        "builder/source.py:go",
        "media/decode.py:f",
        "store/x.py:g",
    ]


def test_the_profile_of_a_film_tells_of_its_build(film: Path, tmp_path: Path) -> None:
    written = output([programs.PYTHON, "-m", "benchmarks.speed.shares", tmp_path / "out", film])
    assert "of CPU under the profiler: decode " in written
    assert "builder/source.py:build_source" in written


def test_a_folder_without_films_of_the_height_is_an_error(film: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="of height 720"):
        real(tmp_path, film.parent, 720, print)
    assert real(tmp_path, film.parent, 72, print).films(72, 10)[0].frames == 100


def test_the_bare_command_encodes_the_frames_that_a_build_keeps(film: Path, tmp_path: Path) -> None:
    out = tmp_path / "kept.mp4"
    run(programs.encode_kept(film, [(2, 34), (50, 82)], (64, 36), 18, "veryfast", out))
    made = look(out)
    assert (made.width, made.height, made.frames) == (64, 36, 64)


def test_films_are_made_at_another_height_and_joined_frame_for_frame(film: Path, tmp_path: Path) -> None:
    footage = real(tmp_path, film.parent, 72, lambda line: None)
    assert [(made.height, made.frames) for made in footage.films(36, 1)] == [(36, 100)]
    assert footage.joined(36, 250).frames == 300


def test_tiny_films_differ_and_their_frames_are_all_in_one(film: Path, tmp_path: Path) -> None:
    footage = real(tmp_path, film.parent, 72, lambda line: None)
    tiny = footage.tiny(34)
    assert tiny[0].frames == tiny[33].frames == 8 and max(made.frames for made in tiny) == 40
    assert len({made.path.read_bytes() for made in tiny}) == 34
    assert footage.tiny_joined(34).frames == sum(made.frames for made in tiny)


def test_the_benchmark_of_scoring_says_what_was_met(capsys: pytest.CaptureFixture[str]) -> None:
    from benchmarks.scoring import __main__ as scoring

    assert scoring.main(["--clips", "4", "--part", "2", "--runs", "1", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert [("SSIM" in row["what"], "goal" in row or "goals" in row) for row in rows] == [
        (True, True),
        (True, True),
        (False, True),
    ]
    assert rows[0]["times scikit-image"] > 0 and rows[2]["times the memory"] > 0


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_training_step_is_held_beside_a_plain_one() -> None:
    words = ["--runs", "1", "--steps", "1", "--batch", "1", "--device", "cpu", "--json"]
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.training", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    *models, loader = json.loads(told.stdout)["rows"]
    assert len(models) == 3 and loader["goal"] in ("met", "MISSED")
    for row in models:
        assert row["ratio"] == row["seconds a step"] / row["plain"] and row["memory"] > 0
        assert 0 < row["share of peak"] < 1 < row["gigaflops a clip"]
